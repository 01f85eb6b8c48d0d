"""How much two questions have in common. Pure, and the same every time."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from chatbot.knowledge.words import words

Item = TypeVar("Item")

# Two ways to put one question share at least this much; chosen so that "ship to Mars" and "ship to
# Norway" stay two questions while "sell gift cards" and "buy a gift card" become one.
SAME = 0.6


def terms(text: str) -> frozenset[str]:
    """The words of a text that carry meaning; none for "?!"."""
    return frozenset(words(text))


def overlap(one: Collection[str], other: Collection[str]) -> float:
    """0..1: the share of words that both have (Dice)."""
    if not one or not other:
        return 0.0
    return 2 * len(frozenset(one) & frozenset(other)) / (len(one) + len(other))


def nearest(
    wanted: frozenset[str], items: Iterable[tuple[Item, frozenset[str]]], *, least: float = SAME
) -> Item | None:
    """The first of the items that have most in common with `wanted`; None if none has enough."""
    best: Item | None = None
    for item, has in items:
        common = overlap(wanted, has)
        if common > least or (common == least and best is None):
            best, least = item, common
    return best
