"""Word documents (DOCX): by their styles, every `Heading 1` begins an article."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

import mammoth
from bs4 import BeautifulSoup

from chatbot.knowledge.imports import markdown, pages
from chatbot.knowledge.imports.documents import Document, Unreadable

MOST_UNPACKED = 50 * 1024 * 1024  # of the parts that hold text


def read(data: bytes, *, name: str) -> list[Document]:
    """Unreadable if it is no such document, or a bomb."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # what Word makes of a document with a password
        raise Unreadable("encrypted")
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable("too_large_unpacked")
        html = mammoth.convert_to_html(BytesIO(data), convert_image=_no_image).value
    except (BadZipFile, KeyError, ValueError, OSError, AttributeError, SyntaxError) as error:
        raise Unreadable("broken") from error
    text = pages.markdown_of(BeautifulSoup(html, "html.parser"))
    return markdown.read(text, name=name)


def _no_image(image: object) -> list[object]:
    return []
