"""The numbers of passages in what a model writes. Pure."""

import re

_CITED = re.compile(r"\s*[\[【]\s*(\d{1,2}(?:\s*[,、，]\s*\d{1,2})*)\s*[\]】]")
_UNFINISHED = re.compile(r"\s*(?:[\[【][\d\s,、，]*)?\Z")


def cited(text: str) -> set[int]:
    """The numbers that a text cites."""
    return {int(n) for found in _CITED.findall(text) for n in re.findall(r"\d+", found)}


def readable(text: str) -> str:
    """The text without them, as it is sent."""
    return _CITED.sub("", text).strip()


def readable_so_far(text: str) -> str:
    """What of an unfinished text will stay as it is: it only ever grows as the text does."""
    return _UNFINISHED.sub("", _CITED.sub("", text).lstrip())
