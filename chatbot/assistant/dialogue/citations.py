"""The marks [1] in an answer, and the passages they stand for. Pure."""

import re
from collections.abc import Sequence

from chatbot.knowledge.selectors import Found
from chatbot.knowledge.words import words

_MARK = re.compile(r"\s?[\[【]\^?(\d{1,2}(?:\s*[,，、;]\s*\^?\d{1,2})*)\^?[\]】]")
# So much of an answer's words stand in one passage that it was taken from there.
TAKEN_FROM = 0.6
FEWEST_WORDS = 4


def cited(text: str, passages: Sequence[Found]) -> tuple[str, tuple[Found, ...]]:
    """The text with its marks counted from 1 in their order, and what each stands for.

    Marks of passages that were never given are taken out.
    """
    order: list[int] = []

    def renumbered(match: re.Match[str]) -> str:
        numbers = [int(number) for number in re.findall(r"\d+", match[1])]
        known = [number for number in numbers if 1 <= number <= len(passages)]
        order.extend(number for number in known if number not in order)
        marks = "".join(f"[{order.index(number) + 1}]" for number in dict.fromkeys(known))
        return f" {marks}" if marks and match[0][0].isspace() else marks

    told = _MARK.sub(renumbered, text)
    return told.strip(), tuple(passages[number - 1] for number in order)


def taken_from(text: str, passages: Sequence[Found]) -> Found | None:
    """The passage whose words an answer without marks uses, if it is clear."""
    said = set(words(text))
    if len(said) < FEWEST_WORDS:
        return None

    def share(passage: Found) -> float:
        entry = passage.entry
        known = set(words(f"{entry.title}\n{entry.heading}\n{entry.text}"))
        return len(said & known) / len(said)

    best = max(passages, key=share, default=None)
    return best if best is not None and share(best) >= TAKEN_FROM else None
