"""What differs between two versions of an article, for people to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from chatbot.knowledge.models import ArticleVersion

MOST_LINES = 2_000  # beyond them a comparison takes seconds
_AROUND = 1  # unchanged lines shown beside a changed one

Kind = Literal["same", "added", "removed", "gap"]


@dataclass(frozen=True)
class Line:
    kind: Kind
    text: str


@dataclass(frozen=True)
class FieldChange:
    """A field that changed: its name, and what it held before and after."""

    name: str
    before: str
    after: str


def fields_changed(before: ArticleVersion | None, after: ArticleVersion) -> list[FieldChange]:
    """All but the wordings and the text, which are compared line by line."""
    changes = []
    for name in ("title", "language", "category"):
        pair = (str(getattr(before, name)) if before else "", str(getattr(after, name)))
        if pair[0] != pair[1]:
            label = str(ArticleVersion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            changes.append(FieldChange(label, *pair))
    return changes


def text_changes(before: str, after: str) -> list[Line]:
    """The lines that were added and removed, with their neighbours; none of a text too long."""
    one, other = before.splitlines(), after.splitlines()
    if before == after or len(one) + len(other) > MOST_LINES:
        return []
    return list(_shown(one, other))


def _shown(one: list[str], other: list[str]) -> Iterator[Line]:
    groups = SequenceMatcher(None, one, other, autojunk=False).get_grouped_opcodes(_AROUND)
    for number, group in enumerate(groups):
        if number:
            yield Line("gap", "…")
        for tag, start, end, start_other, end_other in group:
            if tag == "equal":
                yield from (Line("same", line) for line in one[start:end])
                continue
            yield from (Line("removed", line) for line in one[start:end])
            yield from (Line("added", line) for line in other[start_other:end_other])
