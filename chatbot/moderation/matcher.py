"""Finds any of many words in a text at once. Pure, and immutable once built."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from chatbot.moderation.normal_form import (
    BREAK,
    NormalForm,
    joins,
    normal_form,
    normal_text,
    without_breaks,
)

UNITS = 3  # of each character, see _units


@dataclass(frozen=True)
class Word:
    """`speakers` are those whose texts it is looked for in; `action` says what follows."""

    text: str
    category: str
    action: str
    speakers: frozenset[str]


@dataclass(frozen=True)
class Match:
    """A word at text[start:end] of the original."""

    word: Word
    start: int
    end: int


@dataclass(frozen=True)
class _Entry:
    """What a normal form stands for; `spaces` are where the word itself has white space."""

    length: int
    spaces: frozenset[int]
    word: Word | None = None
    allowed: bool = False


@dataclass(frozen=True)
class _Span:
    """A place in a normal form where an entry stands."""

    entry: _Entry
    start: int
    end: int

    def holds(self, other: "_Span") -> bool:
        return self.start <= other.start and other.end <= self.end


class Matcher:
    """Words, and phrases in which they mean no harm."""

    def __init__(self, words: Iterable[Word], phrases: Iterable[str] = ()) -> None:
        entries: dict[str, _Entry] = {}
        for word in words:
            normal, spaces = needle(word.text)
            entries[normal] = _Entry(len(normal), spaces, word)
        for phrase in phrases:
            normal, spaces = needle(phrase)
            entries[normal] = _Entry(len(normal), spaces, allowed=True)
        entries.pop("", None)
        self._trie = ahocorasick.Automaton()
        for normal, entry in entries.items():
            self._trie.add_word(_units(normal), entry)
        self._trie.make_automaton()
        self._is_empty = not entries
        self.longest = max(map(len, entries), default=0)

    def find(self, text: str, speaker: str) -> list[Match]:
        """What is to be found when `speaker` says it, from the left; of two, one within the other,
        the longer."""
        if self._is_empty or not self._holds_any(text):
            return []
        form = normal_form(text)
        spans = [span for span in self._spans(form) if _stands_alone(form, span)]
        allowed = [span for span in spans if span.entry.allowed]
        wanted = [span for span in spans if _is_said_by(span, speaker)]
        meant = [span for span in wanted if not any(each.holds(span) for each in allowed)]
        return [
            Match(span.entry.word, form.starts[span.start], form.ends[span.end - 1])
            for span in _outermost(meant)
            if span.entry.word
        ]

    def unfinished(self, form: NormalForm) -> int:
        """From where on the text may be the beginning of a word; its length if from nowhere."""
        size = len(form.text)
        for start in range(max(0, size - self.longest), size):
            if not self._is_empty and self._trie.match(_units(form.text[start:])):
                return start
        return size

    def _holds_any(self, text: str) -> bool:
        """Mostly not: then nobody needs to know where in the text its normal form stands."""
        return next(self._trie.iter(_units(normal_text(text))), None) is not None

    def _spans(self, form: NormalForm) -> Iterator[_Span]:
        for last, entry in self._trie.iter(_units(form.text)):
            end, rest = divmod(last + 1, UNITS)
            if not rest:
                yield _Span(entry, end - entry.length, end)


def needle(word: str) -> tuple[str, frozenset[int]]:
    """A word's normal form, and before which of its characters it has white space."""
    text = normal_text(word)
    if BREAK in text:
        return needle(without_breaks(word))
    form = normal_form(word) if any(map(str.isspace, word)) else None
    return text, form.spaces(0, len(text)) if form else frozenset()


def _units(text: str) -> str:
    """Three units of eight bits for each character: the trie looks through the children of a node
    one by one, and thousands of words may begin with as many characters."""
    octets = bytearray(text.encode("utf-32-be", "surrogatepass"))
    del octets[::4]
    return octets.decode("latin-1")


def _is_said_by(span: _Span, speaker: str) -> bool:
    return span.entry.word is not None and speaker in span.entry.word.speakers


def _stands_alone(form: NormalForm, span: _Span) -> bool:
    """No part of a longer word, and not put together from the ends of several: "an us citizen".

    White space counts as hiding the word only where it stands between all its letters.
    """
    if not form.is_bound(span.start, span.end):
        return False
    spaces = form.spaces(span.start, span.end)
    between = {place for place in spaces if _parts_words(form, span.start + place)}
    spelt_out = form.gap_count(span.start, span.end) == span.end - span.start - 1
    return spelt_out or between <= span.entry.spaces


def _parts_words(form: NormalForm, place: int) -> bool:
    return joins(form.text[place - 1]) and joins(form.text[place])


def _outermost(spans: Iterable[_Span]) -> list[_Span]:
    """Without those that lie in another."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or kept[-1].end < span.end:
            kept.append(span)
    return kept
