"""A text without what is to be hidden in it."""

from collections.abc import Iterable
from typing import NamedTuple


class Hidden(NamedTuple):
    """text[start:end] is not to be read; `shown` stands there instead."""

    start: int
    end: int
    shown: str


class Redacted:
    """`text` is what may be kept; it knows where everything else of the original has gone."""

    def __init__(self, original: str, hidden: Iterable[Hidden]) -> None:
        self._places: list[tuple[int, int, int]] = []  # hidden from, to; where `text` goes on
        self.text, at = "", 0
        for start, end, shown in sorted(hidden):
            if start >= at:
                self.text += original[at:start] + shown
            elif end > at:  # it begins within the one before
                self.text += "*" * (end - at)
            at = max(at, end)
            self._places.append((start, at, len(self.text)))
        self.text += original[at:]

    def place(self, at: int) -> int:
        """Where in `text` a place of the original is; the end of what hides it, if it is hidden."""
        place = at
        for start, end, goes_on in self._places:
            if at <= start:
                break
            place = goes_on + max(0, at - end)
        return place
