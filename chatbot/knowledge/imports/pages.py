"""HTML: one article a page, without what stands around it."""

import re

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from chatbot.knowledge.imports.documents import LONGEST_TITLE, Document

_AROUND = (
    *("script", "style", "noscript", "template", "svg", "iframe", "object", "form", "button"),
    *("nav", "header", "footer", "aside", "head", "title", "img", "video", "audio"),
)
# What no visitor sees, nobody who looks through the article expects in it.
_HIDING = re.compile(r"(?:display:none|visibility:hidden|opacity:0|font-size:0)(?![.\d]*[1-9])")


def read(html: str, *, name: str) -> list[Document]:
    """The page's article, or none; its title is its first heading, else the page's title."""
    page = BeautifulSoup(html, "html.parser")
    titled = _words(page.title)
    place = page.find("main") or page.find("article") or page.find(role="main") or page.body or page
    if not isinstance(place, Tag):
        return []
    heading = place.find("h1")
    title = _words(heading) or titled or name
    for around in [*place.find_all(_AROUND), *place.find_all(_is_hidden)]:
        around.decompose()
    if isinstance(heading, Tag) and not heading.decomposed:
        heading.decompose()
    body = markdown_of(place)
    return [Document(title=title[:LONGEST_TITLE], body=body)] if body else []


def markdown_of(tag: Tag) -> str:
    """Its text with headings, lists and tables as in Markdown."""
    converter = MarkdownConverter(
        heading_style="ATX",
        bullets="-",
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
    )
    text = str(converter.convert_soup(tag))
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).strip()


def _words(tag: object) -> str:
    return " ".join(tag.get_text(" ").split()) if isinstance(tag, Tag) else ""


def _is_hidden(tag: Tag) -> bool:
    style = "".join(str(tag.get("style", "")).lower().split())
    is_unseen = tag.has_attr("hidden") or tag.get("aria-hidden") == "true"
    return is_unseen or bool(_HIDING.search(style))
