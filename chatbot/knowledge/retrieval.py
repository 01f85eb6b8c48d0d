"""Keyword retrieval: BM25 over titles, other wordings and texts. Pure, and immutable once built."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from chatbot.knowledge.thesaurus import synonyms
from chatbot.knowledge.words import is_pair, wording, words

# How soon repetition stops counting, and how much a long text is held against itself: the usual
# values for short texts. The other weights were chosen on the tuning half of tests/questions.json.
K1, B = 1.2, 0.5
TITLE, WORDING, TEXT = 2.0, 1.0, 1.0
PAIR = 0.5
SYNONYM = 0.7
# What is asked stands at the beginning of a long message, and a search stays short.
MAX_QUESTION = 500

Scores: TypeAlias = npt.NDArray[np.float64]
"""One number per document, in their order."""


@dataclass(frozen=True)
class Document:
    """`title` says what it is about, `wordings` are other ways to ask it, `text` is the rest."""

    title: str
    text: str
    wordings: Sequence[str] = ()


class Hit(NamedTuple):
    """`number` is the document's place; `confidence` 0..1: how much of the question it answers."""

    number: int
    confidence: float


class KeywordIndex:
    """Finds documents by the words of a question.

    Where a word stands is one stretch of two arrays, the documents and its weight in each, so that
    a search costs a few array operations however many documents there are.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        documents = list(documents)
        self._by_wording = _by_wording(documents)
        self._size = len(documents)
        counted = [_weights(document) for document in documents]
        self._places, self._holders, self._damped = _postings(counted)

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """The best documents first; none if no word of the question is known.

        Asked in a document's own title or wording, it comes first, with full confidence.
        """
        return best(self.confidences(question), limit)

    def confidences(self, question: str) -> Scores:
        """One confidence per document, 0 where no word of the question is known."""
        question = question[:MAX_QUESTION]
        asked = list(dict.fromkeys(words(question)))
        instead = _alternatives(frozenset(asked))
        scores = np.zeros(self._size)
        for word in asked:
            self._add(scores, word, instead.get(word, set()))
        # A question all of whose words stand in a title comes near 1; unknown words pull it down.
        scores /= sum(map(self._rarity, asked)) or 1
        if (same := self.same_wording(question)) is not None:
            scores[same] = 1
        return scores

    def same_wording(self, question: str) -> int | None:
        """The document whose title or wording this is, word for word."""
        return self._by_wording.get(wording(question))

    def _add(self, scores: Scores, word: str, instead: set[str]) -> None:
        rarity = self._rarity(word)
        place = self._places.get(word)
        if not instead:
            if place is not None:
                scores[self._holders[place]] += rarity * self._damped[place]
            return
        found = np.zeros(self._size)
        if place is not None:
            found[self._holders[place]] = rarity * self._damped[place]
        for other in instead & self._places.keys():
            worth = SYNONYM * (rarity if place is not None else self._rarity(other))
            standing = self._places[other]
            holders = self._holders[standing]
            found[holders] = np.maximum(found[holders], worth * self._damped[standing])
        scores += found

    def _rarity(self, word: str) -> float:
        place = self._places.get(word)
        holders = place.stop - place.start if place is not None else 0
        rarity = math.log(1 + (self._size - holders + 0.5) / (holders + 0.5))
        return rarity * PAIR if is_pair(word) else rarity


def best(confidences: Scores, limit: int) -> list[Hit]:
    """The documents with the highest confidences above 0, best first; the earlier of equals."""
    found = np.flatnonzero(confidences > 0)
    if len(found) > limit:
        least = np.partition(confidences[found], -limit)[-limit]
        found = found[confidences[found] >= least]
    order = found[np.argsort(-confidences[found], kind="stable")][:limit]
    return [Hit(int(number), float(confidences[number])) for number in order]


def _postings(
    counted: Sequence[dict[str, float]],
) -> tuple[dict[str, slice], npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Each word's stretch of the two arrays: the documents it stands in, its damped weight."""
    lengths = [sum(w for word, w in doc.items() if not is_pair(word)) for doc in counted]
    usual = (sum(lengths) / len(counted) if counted else 0) or 1
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, document in enumerate(counted):
        damping = K1 * (1 - B + B * lengths[number] / usual)
        for word, weight in document.items():
            found[word].append((number, weight / (weight + damping)))
    flat = [pair for pairs in found.values() for pair in pairs]
    ends = accumulate(map(len, found.values()))
    places = {
        word: slice(end - len(pairs), end)
        for (word, pairs), end in zip(found.items(), ends, strict=True)
    }
    holders = np.fromiter((number for number, _ in flat), np.int32, len(flat))
    return places, holders, np.fromiter((weight for _, weight in flat), np.float32, len(flat))


def _by_wording(documents: Sequence[Document]) -> dict[str, int]:
    """The first document of each title; then of each other wording that is nobody's title."""
    found: dict[str, int] = {}
    for number, document in enumerate(documents):
        found.setdefault(wording(document.title), number)
    for number, document in enumerate(documents):
        for other in document.wordings:
            found.setdefault(wording(other), number)
    found.pop("", None)
    return found


def _weights(document: Document) -> dict[str, float]:
    """Each word's weight: where it stands counts, how often it is repeated there doesn't."""
    wordings = (word for wording in document.wordings for word in words(wording))
    fields = ((TITLE, words(document.title)), (WORDING, wordings), (TEXT, words(document.text)))
    weights: dict[str, float] = defaultdict(float)
    for weight, found in fields:
        for word in set(found):
            weights[word] += weight
    return weights


def _alternatives(asked: frozenset[str]) -> dict[str, set[str]]:
    instead: dict[str, set[str]] = defaultdict(set)
    for term, others in synonyms().items():
        if term and term <= asked:
            for word in term:
                instead[word] |= others
    return instead
