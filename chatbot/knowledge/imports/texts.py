"""From the bytes of a text file to text, in the encodings that files here really have."""

import codecs
import re

from chatbot.knowledge.imports.documents import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CHINESE_RUN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u2026]+")


def decode(data: bytes, *, declared: str = "") -> str:
    """The text, with line ends as \\n. Unreadable if it is none, or in an encoding we can't tell.

    By its mark; as UTF-8; as `declared`; as GB 18030 (Excel and Notepad in China), if that makes
    Chinese of it.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(_decoded(data, encoding))
    text = _decoded(data, "utf-8")
    if text is None and declared:
        text = _decoded(data, declared)
    return _text(text if text is not None else _chinese(data))


def declared_in(page: bytes) -> str:
    """The encoding that an HTML page says it has, or ""."""
    found = _DECLARED.search(page[:4096])
    return found[1].decode("ascii") if found else ""


def cleaned(text: str) -> str:
    """Without what no database takes: NUL and other control characters, halves of characters."""
    return _NOT_TEXT.sub("", text).encode("utf-8", "ignore").decode("utf-8")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _chinese(data: bytes) -> str | None:
    text = _decoded(data, "gb18030")
    if text is None:
        return None
    foreign = sum(not letter.isascii() for letter in text)
    runs = _CHINESE_RUN.findall(text)
    chinese = sum(map(len, runs))
    # "für" in Latin-1 is one strange character between letters; Chinese comes in runs.
    return text if chinese >= max(0.8 * foreign, 2 * len(runs)) else None


def _text(text: str | None) -> str:
    if text is None:
        raise Unreadable("encoding")
    if len(_NOT_TEXT.findall(text)) > len(text) / 100:
        raise Unreadable("not_text")
    return cleaned(text).replace("\r\n", "\n").replace("\r", "\n")
