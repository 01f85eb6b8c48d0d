"""A text as the words are looked for in it: without what people put in to hide a word."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

BREAK = "\n"  # no word goes on beyond the end of a sentence

_BREAKS = frozenset("\n\r\u2028\u2029。！？；，：…｡")
_APOSTROPHES = frozenset("'\u2019\u02bc＇")
# Signs that are laid over letters, and choose how one is drawn.
_LAID_OVER = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
_CLUSTER = re.compile(f"(?s:.)[{_LAID_OVER}\U000e0100-\U000e01ef\u3099\u309a]*")
_SIGNS = re.compile(f"[{_LAID_OVER}\U000e0100-\U000e01ef]+")
_SEEN_GAPS = ("Z", "P", "S")  # white space, punctuation, signs; C is what nobody sees

NO_GAP, GAP, SPACE = 0, 1, 2


@dataclass(frozen=True)
class NormalForm:
    """`text`, and by its characters: where in the original each begins and ends, and what was left
    out before it: NO_GAP (or what nobody sees), GAP or SPACE. `gaps` has one more, for the end."""

    text: str
    starts: list[int]
    ends: list[int]
    gaps: list[int]

    def is_bound(self, start: int, end: int) -> bool:
        """Whether text[start:end] begins and ends where words do, in scripts that have spaces."""
        return self._parts(start) and self._parts(end)

    def spaces(self, start: int, end: int) -> frozenset[int]:
        """The places in text[start:end], counted from it, before which white space was."""
        inner = range(start + 1, end)
        return frozenset(place - start for place in inner if self.gaps[place] == SPACE)

    def gap_count(self, start: int, end: int) -> int:
        """How many characters of text[start:end] follow anything that was left out."""
        return sum(gap != NO_GAP for gap in self.gaps[start + 1 : end])

    def _parts(self, place: int) -> bool:
        if place in (0, len(self.text)) or self.gaps[place] != NO_GAP:
            return True
        return not (joins(self.text[place - 1]) and joins(self.text[place]))


def normal_form(text: str) -> NormalForm:
    """NFKC in one case, without separators and what nobody sees; sentences end in BREAK."""
    letters: list[str] = []
    starts, ends, gaps = [], [], []
    at, gap = 0, NO_GAP
    for cluster in _clusters(text):
        normal, left_out = _normal(cluster)
        gap = max(gap, left_out)
        for letter in normal:
            letters.append(letter)
            starts.append(at)
            ends.append(at + len(cluster))
            gaps.append(gap)
            gap = NO_GAP
        at += len(cluster)
    return NormalForm("".join(letters), starts, ends, [*gaps, gap])


def normal_text(text: str) -> str:
    """The text of its normal form alone, many times faster."""
    if unicodedata.is_normalized("NFC", text):
        return text.translate(_letters)
    return normal_form(text).text


class _Letters(dict[int, str]):
    """What stays of each character, found out when it is first met."""

    MOST = 50_000

    def __missing__(self, code: int) -> str:
        if len(self) >= self.MOST:
            self.clear()
        sign = chr(code)
        kept = self[code] = "" if _SIGNS.fullmatch(sign) else _normal(sign)[0]
        return kept


_letters = _Letters()


def without_breaks(text: str) -> str:
    """The text as if it were within one sentence."""
    return "".join(" " if sign in _BREAKS else sign for sign in text)


def joins(letter: str) -> bool:
    """Whether it is a letter or digit of a script that puts spaces between words."""
    return letter.isalnum() and (letter < "\u0e00" or "\u1e00" <= letter < "\u2000")


def _clusters(text: str) -> Iterable[str]:
    """Characters; one with signs laid over it is one."""
    return text if text.isascii() else _CLUSTER.findall(text)


@lru_cache(maxsize=16_384)
def _normal(cluster: str) -> tuple[str, int]:
    """What stays of it, and what it is if nothing does."""
    if cluster[0] in _BREAKS:
        return BREAK, NO_GAP
    if cluster in _APOSTROPHES:
        return "'", NO_GAP
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    kept = "".join(filter(_stays, _SIGNS.sub("", plain)))
    return (kept, NO_GAP) if kept else ("", _gap(cluster[0]))


def _stays(letter: str) -> bool:
    """Letters, digits and currencies, and the marks that Indian and other scripts write with."""
    category = unicodedata.category(letter)
    return category[0] in "LNM" or category == "Sc"


def _gap(letter: str) -> int:
    if letter.isspace():
        return SPACE
    return GAP if unicodedata.category(letter)[0] in _SEEN_GAPS else NO_GAP
