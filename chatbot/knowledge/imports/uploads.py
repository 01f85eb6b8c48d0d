"""From what somebody uploads to what an import reads."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from chatbot.knowledge.imports import texts
from chatbot.knowledge.imports.documents import Unreadable
from chatbot.knowledge.imports.faults import told
from chatbot.knowledge.imports.kinds import KINDS, kind_of
from chatplatform.kernel.errors import InvalidInput
from chatplatform.protection.uploads import LARGEST, FileTooLarge, check_upload

_TAKEN = ("md", "txt", "html", "pdf", "docx", "csv", "zip")
_TEXTS = ("md", "html", "csv")
ACCEPT = ",".join(f".{ending}" for ending in KINDS)


class UnreadableFile(InvalidInput):
    code = "unreadable_file"
    title = _("The file can't be read.")
    hint = _("`detail` says what to do with it.")


@dataclass(frozen=True)
class Upload:
    """A file as it came: `kind` is one that imports read."""

    name: str
    kind: str
    content: bytes


def checked(file: "UploadedFile[bytes]") -> Upload:
    """The file, text as UTF-8. FileTooLarge, WrongFileType or UnreadableFile otherwise."""
    if (file.size or 0) > LARGEST:
        raise FileTooLarge(limit=LARGEST)
    name = PurePosixPath((file.name or "").replace("\\", "/")).name
    kind = kind_of(name)
    content = _as_utf8(file.read(), kind) if kind in _TEXTS else file.read()
    copy = SimpleUploadedFile(name or "?", content)
    copy.file = BytesIO(content)
    check_upload(copy, _TAKEN, most=2 * LARGEST)  # UTF-8 is half as long again as GBK
    return Upload(texts.cleaned(name)[:200], kind, content)


def _as_utf8(content: bytes, kind: str) -> bytes:
    declared = texts.declared_in(content) if kind == "html" else ""
    try:
        return texts.decode(content, declared=declared).encode()
    except Unreadable as fault:
        raise UnreadableFile(told(fault.code, fault.details)) from None
