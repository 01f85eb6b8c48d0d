"""Keyword retrieval: BM25 over titles, other wordings and texts. Pure, and immutable once built."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
    """Finds documents by the words of a question."""

    def __init__(self, documents: Iterable[Document]) -> None:
        documents = list(documents)
        self._by_wording = _by_wording(documents)
        counted = [_weights(document) for document in documents]
        self._size = len(counted)
        self._postings: dict[str, dict[int, float]] = defaultdict(dict)
        lengths = [sum(w for word, w in doc.items() if not is_pair(word)) for doc in counted]
        usual = (sum(lengths) / self._size if self._size else 0) or 1
        for number, document in enumerate(counted):
            damping = K1 * (1 - B + B * lengths[number] / usual)
            for word, weight in document.items():
                self._postings[word][number] = weight / (weight + damping)
        self._postings = dict(self._postings)

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """The best documents first; none if no word of the question is known.

        Asked in a document's own title or wording, it comes first, with full confidence.
        """
        question = question[:MAX_QUESTION]
        asked = list(dict.fromkeys(words(question)))
        instead = _alternatives(frozenset(asked))
        scores: dict[int, float] = defaultdict(float)
        for word in asked:
            for number, weight in self._matches(word, instead[word]).items():
                scores[number] += weight
        # A question all of whose words stand in a title comes near 1; unknown words pull it down.
        most = sum(map(self._rarity, asked)) or 1
        if (same := self._by_wording.get(wording(question))) is not None:
            scores[same] = most
        best = sorted(scores.items(), key=lambda found: (-found[1], found[0]))[:limit]
        return [Hit(number, score / most) for number, score in best]

    def _matches(self, word: str, instead: set[str]) -> dict[int, float]:
        rarity = self._rarity(word)
        found = {number: rarity * w for number, w in self._postings.get(word, {}).items()}
        for other in instead:
            worth = SYNONYM * (rarity if word in self._postings else self._rarity(other))
            for number, weight in self._postings.get(other, {}).items():
                found[number] = max(found.get(number, 0), worth * weight)
        return found

    def _rarity(self, word: str) -> float:
        holders = len(self._postings.get(word, ()))
        rarity = math.log(1 + (self._size - holders + 0.5) / (holders + 0.5))
        return rarity * PAIR if is_pair(word) else rarity


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
