"""What an article's text is made of: headings, lists and paragraphs. Pure."""

import re
from typing import Literal, NamedTuple

_HEADING = re.compile(r"#{1,6}\s+(.+)")


class Block(NamedTuple):
    """`lines` holds one heading, the items of a list, or the lines of a paragraph."""

    kind: Literal["heading", "list", "paragraph"]
    lines: list[str]


def blocks(body: str) -> list[Block]:
    """The blocks of a text in order; an empty line ends each, a heading also ends itself."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", body.replace("\r\n", "\n")):
        lines = [line.strip() for line in part.strip().split("\n")]
        if heading := _HEADING.fullmatch(lines[0]):
            found.append(Block("heading", [heading.group(1).strip()]))
            lines = lines[1:]
        if any(lines):
            found.append(_list_or_paragraph(lines))
    return found


def _list_or_paragraph(lines: list[str]) -> Block:
    if all(line.startswith("- ") for line in lines):
        return Block("list", [line[2:].strip() for line in lines])
    return Block("paragraph", lines)
