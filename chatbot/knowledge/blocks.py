"""What an article's text is made of: headings, lists and paragraphs, as in Markdown. Pure."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Literal, NamedTuple

Kind = Literal["heading", "list", "steps", "paragraph"]
_LineKind = Kind | Literal["table"]

# No pattern here tries the same letter twice: a text may be a megabyte of asterisks.
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_ITEM = re.compile(r"[-*+]\s+(\S.*)")
_STEP = re.compile(r"\d{1,3}[.)]\s+(\S.*)")
_RULE = frozenset(" \t|:-")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_BARE_LINK = re.compile(r"<(https?://[^<>\s]+)>")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_CODE = re.compile(r"`([^`]+)`")


class _Line(NamedTuple):
    text: str
    verbatim: bool  # between fences nothing is a mark


class Block(NamedTuple):
    """`lines` holds one heading, the items of a list, or the lines of a paragraph.

    `level` is a heading's, 1 to 6, as many as it has marks.
    """

    kind: Kind
    lines: list[str]
    level: int = 0


def blocks(body: str) -> list[Block]:
    """The blocks of a text in order."""
    return [block for part in parts(body) for block in part]


def parts(body: str) -> list[list[Block]]:
    """What stands together: an empty line ends each, and a heading is one of its own."""
    found: list[list[Block]] = []
    for lines in _together(_lines(body)):
        heading = _heading(lines[0])
        found.append([heading] if heading else list(_part(lines)))
    return found


def plain(line: str) -> str:
    """A line without Markdown's marks; a link keeps its words."""
    line = _BARE_LINK.sub(r"\1", _IMAGE_OR_LINK.sub(r"\1", line))
    return _CODE.sub(r"\1", _STRONG.sub(r"\1", line)).strip()


def _lines(body: str) -> Iterator[_Line]:
    fenced = False
    for line in body.replace("\r\n", "\n").split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        else:
            yield _Line(line.rstrip(), fenced)


def _together(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    part: list[_Line] = []
    for line in lines:
        empty = not line.text.strip()
        heading = _heading(line) is not None
        if part and (heading or (empty and not line.verbatim)):
            yield part
            part = []
        if heading:
            yield [line]
        elif not empty:
            part.append(line)
    if part:
        yield part


def _heading(line: _Line) -> Block | None:
    found = None if line.verbatim else _HEADING.fullmatch(line.text.strip())
    if found is None:
        return None
    words = found[2].rstrip("#")  # "## Fees ##" is closed, "## C#" is not
    closed = words != found[2] and words.endswith((" ", "\t"))
    return Block("heading", [plain(words if closed else found[2])], len(found[1]))


def _part(lines: list[_Line]) -> Iterator[Block]:
    for kind, group in groupby(_joined(lines), key=itemgetter(0)):
        texts = [text for _, text in group]
        if kind == "table":
            yield Block("list", list(_rows(texts)))
        else:
            yield Block(kind, texts)


def _joined(lines: list[_Line]) -> list[tuple[_LineKind, str]]:
    """Each line with its kind; an indented one goes on with the list item before it."""
    found: list[tuple[_LineKind, str]] = []
    for line in lines:
        kind, text = _kind(line)
        before = found[-1][0] if found else ""
        if kind == "paragraph" and line.text[:2] == "  " and before in ("list", "steps"):
            found[-1] = (found[-1][0], f"{found[-1][1]} {text}")
        else:
            found.append((kind, text))
    return found


def _kind(line: _Line) -> tuple[_LineKind, str]:
    text = line.text.strip()
    if line.verbatim:
        return "paragraph", text
    if len(text) > 1 and text[0] == text[-1] == "|":
        return "table", text
    if item := _ITEM.fullmatch(text):
        return "list", plain(item[1])
    if step := _STEP.fullmatch(text):
        return "steps", plain(step[1])
    return "paragraph", plain(text)


def _rows(lines: list[str]) -> Iterator[str]:
    """Each row of a table as one line, its cells under the names of their columns."""
    rows = [_cells(line) for line in lines if not ("-" in line and set(line) <= _RULE)]
    has_names = len(rows) < len(lines) and len(rows) > 1
    names = rows.pop(0) if has_names else []
    for row in rows:
        pairs = zip_longest(names[: len(row)], row, fillvalue="")
        cells = [f"{name}: {cell}" if name else cell for name, cell in pairs if cell]
        yield "; ".join(cells)


def _cells(line: str) -> list[str]:
    inner = line.strip("|").replace("\\|", "\0")
    return [plain(cell.replace("\0", "|")) for cell in inner.split("|")]
