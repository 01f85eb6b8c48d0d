"""ZIP: the files in it that we can read, those in folders too; no archives in archives."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from chatbot.knowledge.imports.documents import Unreadable

MOST_FILES = 500
MOST_UNPACKED = 100 * 1024 * 1024
_UTF8_NAME = 0x800


def files(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and contents, one at a time. Unreadable for what is broken, encrypted or a bomb."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = [part for part in archive.infolist() if _is_wanted(part)]
            if len(parts) > MOST_FILES or sum(each.file_size for each in parts) > MOST_UNPACKED:
                raise Unreadable("too_large_unpacked")
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("encrypted")
            for part in parts:
                yield _name(part), archive.read(part)
    except (BadZipFile, OSError, EOFError, RuntimeError, ValueError) as error:
        raise Unreadable("broken") from error


def _is_wanted(part: ZipInfo) -> bool:
    path = PurePosixPath(part.filename)
    hidden = any(each.startswith((".", "__MACOSX")) for each in path.parts)
    return not part.is_dir() and not hidden


def _name(part: ZipInfo) -> str:
    """Windows in China writes names in GBK, without saying so."""
    if part.flag_bits & _UTF8_NAME:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return part.filename
