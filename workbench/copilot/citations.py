"""The marks [1] of passages in what a model writes: customers don't see them. Pure."""

import re

_MARK = re.compile(r"\s*[\[【]\s*\^?\d{1,2}(?:\s*[,，、;]\s*\^?\d{1,2})*\s*[\]】]")
_UNFINISHED = re.compile(r"\s*(?:[\[【][\d\s,，、;^]*)?\Z")


def readable(text: str) -> str:
    """The text without its marks, as it is sent."""
    return _MARK.sub("", text).strip()


def readable_so_far(text: str) -> str:
    """What of an unfinished text will stay as it is: it only ever grows as the text does."""
    return _UNFINISHED.sub("", _MARK.sub("", text).lstrip())
