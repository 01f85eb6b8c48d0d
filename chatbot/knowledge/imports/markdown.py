"""Markdown: every `# ` heading begins an article."""

import re
from collections.abc import Iterator

from chatbot.knowledge.imports.documents import LONGEST_TITLE, Document, language_code

_FIELD = re.compile(r"(title|language|lang|category):\s*(.+)", re.IGNORECASE)


def read(text: str, *, name: str) -> list[Document]:
    """The articles of a text; `name`, the file's, is the title of what stands under no heading.

    `title:`, `language:` and `category:` between `---` lines at the beginning hold for all of it.
    """
    fields, text = _front_matter(text)
    found = [
        Document(
            title=title or fields.get("title") or _first_heading(lines) or name,
            body="\n".join(lines).strip(),
            language=language_code(fields.get("language") or fields.get("lang", "")),
            category=fields.get("category", ""),
        )
        for title, lines in _articles(text)
        if title or any(line.strip() for line in lines)
    ]
    return [document for document in found if document.body]


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    head, closed, rest = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not closed or len(head) > 4_000:
        return {}, text
    lines = (_FIELD.fullmatch(line.strip()) for line in head.split("\n"))
    return {line[1].lower(): line[2].strip(" \"'") for line in lines if line}, rest


def _articles(text: str) -> Iterator[tuple[str, list[str]]]:
    title, lines, fenced = "", list[str](), False
    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if not fenced and line.startswith("# ") and line[2:].strip(" #"):
            yield title, lines
            title, lines = line[2:].strip(" #")[:LONGEST_TITLE], []
        else:
            lines.append(line)
    yield title, lines


def _first_heading(lines: list[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    return first.strip("# ")[:LONGEST_TITLE] if first.startswith("##") else ""
