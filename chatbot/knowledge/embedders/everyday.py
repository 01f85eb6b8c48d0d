"""Questions, titles and answers of every trade, in each language: what is usual in a language.

A model puts all texts of a language close together. What they have in common says nothing, so it
is taken off before vectors are compared; a small knowledge base could not tell what it is.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Everyday:
    """As a customer types it, as a title puts it, and what answers it."""

    question: str
    title: str
    answer: str


@cache
def everyday(language: str) -> tuple[Everyday, ...]:
    """About thirty; of all languages for one we have none of."""
    known = _read()
    return known.get(language) or tuple(row for rows in known.values() for row in rows)


def languages() -> tuple[str, ...]:
    """Those we have everyday texts of."""
    return tuple(_read())


@cache
def _read() -> dict[str, tuple[Everyday, ...]]:
    rows = json.loads(Path(__file__).with_name("everyday.json").read_text(encoding="utf-8"))
    return {language: tuple(Everyday(*row) for row in found) for language, found in rows.items()}
