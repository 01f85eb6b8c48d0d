"""PDF: one article a file, its lines made whole again."""

import re
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PdfReadError, PyPdfError

from chatbot.knowledge.imports.documents import Document, Unreadable

MOST_PAGES = 500
_CHINESE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
_BETWEEN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])\n(?=[{_CHINESE}])")
_HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_SENTENCE_END = (".", "!", "?", ":", "。", "！", "？", "：")


def read(data: bytes, *, name: str) -> list[Document]:
    """Unreadable for one with a password, without text (scanned), too long or broken."""
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable("too_many_pages", most=MOST_PAGES)
        text = "\n\n".join(whole_lines(page.extract_text()) for page in reader.pages)
    except (PdfReadError, PyPdfError, ValueError, TypeError, KeyError, OSError) as error:
        raise Unreadable("broken") from error
    if not text.strip():
        raise Unreadable("no_text")
    return [Document(title=name, body=text.strip())]


def whole_lines(text: str) -> str:
    """Paragraphs again: a line goes on in the next unless a sentence ends, or it is a short one."""
    lines = [line.strip() for line in text.split("\n")]
    usual = sorted(map(len, filter(None, lines)))[len(list(filter(None, lines))) * 3 // 4 :][:1]
    full = usual[0] * 0.7 if usual else 0
    made = ""
    for line in lines:
        ends = not line or len(line) < full or line.endswith(_SENTENCE_END)
        made += f"{line}\n" if not ends else f"{line}\n\n"
    made = _HYPHENATED.sub("", _BETWEEN_CHINESE.sub("", re.sub(r"\n{2,}", "\0", made)))
    return made.replace("\n", " ").replace("\0", "\n\n").strip()
