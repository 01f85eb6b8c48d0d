"""What an uploaded file is, by its content: its name and its browser may say anything.

A closed list of kinds needs no library's guesses: those take every ZIP archive for a Word document.
"""

from collections.abc import Callable, Collection
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import InvalidInput, TooLarge

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MOST_UNPACKED = 200 * MEGABYTE  # of an office document, all its parts together
MOST_PARTS = 5_000

Sniff = Callable[[IO[bytes]], bool]


class WrongFileType(InvalidInput):
    code = "wrong_file_type"
    title = _("Files of this type are not taken here.")
    hint = _("`allowed` names the types; the content must be what the name says.")


class FileTooLarge(TooLarge):
    code = "file_too_large"
    title = _("The file is too large.")
    hint = _("`limit` is the most, in bytes.")


def check_upload(
    file: "UploadedFile[bytes]", kinds: Collection[str], *, most: int = LARGEST
) -> str:
    """Which of `kinds` (keys of KINDS) the file is; it is read from the beginning afterwards.

    Raises FileTooLarge beyond `most` bytes, WrongFileType if name or content is of no such kind.
    """
    if (file.size or 0) > most:
        raise FileTooLarge(limit=most)
    kind = _EXTENSIONS.get(PurePosixPath(file.name or "").suffix.lower().lstrip("."), "")
    if kind not in kinds:
        raise WrongFileType(allowed=sorted(kinds))
    if not file.size:
        raise WrongFileType(_("The file is empty."), allowed=sorted(kinds))
    if not _is(kind, file):
        raise WrongFileType(
            _("The file is damaged, or not what its name says."), allowed=sorted(kinds)
        )
    return kind


def _is(kind: str, file: "UploadedFile[bytes]") -> bool:
    content = file.file
    if content is None:
        return False
    content.seek(0)
    try:
        return KINDS[kind](content)
    finally:
        content.seek(0)


def _begins(*beginnings: bytes) -> Sniff:
    return lambda file: file.read(16).startswith(beginnings)


def _is_webp(file: IO[bytes]) -> bool:
    head = file.read(12)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"


def _is_text(file: IO[bytes]) -> bool:
    """UTF-8 without control characters but white space."""
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)


def _holds(part: str = "") -> Sniff:
    """An archive with that part (any, if none is named), and small enough once unpacked."""

    def look(file: IO[bytes]) -> bool:
        try:
            parts = ZipFile(file).infolist()
        except (BadZipFile, OSError, ValueError, RuntimeError):
            return False
        small = len(parts) <= MOST_PARTS and sum(each.file_size for each in parts) <= MOST_UNPACKED
        return small and (not part or any(each.filename == part for each in parts))

    return look


KINDS: dict[str, Sniff] = {
    "pdf": _begins(b"%PDF-"),
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpeg": _begins(b"\xff\xd8\xff"),
    "gif": _begins(b"GIF87a", b"GIF89a"),
    "webp": _is_webp,
    "docx": _holds("word/document.xml"),
    "xlsx": _holds("xl/workbook.xml"),
    "pptx": _holds("ppt/presentation.xml"),
    "zip": _holds(),
    "txt": _is_text,
    "md": _is_text,
    "csv": _is_text,
    "html": _is_text,
}
_EXTENSIONS = {**{kind: kind for kind in KINDS}, "jpg": "jpeg", "markdown": "md", "htm": "html"}
