"""The ways to find: by words, by meaning, by both. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from chatbot.knowledge.embedders.embedding import Vectors
from chatbot.knowledge.meaning import MeaningIndex
from chatbot.knowledge.retrieval import KeywordIndex, Scores

# What words count beside meaning; chosen on tuning questions only.
WORDS = 0.5
# Asked word for word, one article is meant: the others may be topics, and never nearly as likely.
BESIDE_THE_SAME = 0.5


class By(StrEnum):
    """How something was found: each way has its own scale of confidence."""

    WORDS = "keyword"
    MEANING = "dense"
    BOTH = "hybrid"


@dataclass(frozen=True)
class Asked:
    """A question; `meaning` is its vector without what is common to questions of its language."""

    text: str
    meaning: Vectors | None = None


class Retriever(Protocol):
    """Rates documents for a question."""

    by: By

    def confidences(self, asked: Asked) -> Scores:
        """One number per document, higher is better, 0 or less for nothing in common."""
        ...


class Words:
    """Finds what shares words with the question; needs nothing."""

    by = By.WORDS

    def __init__(self, words: KeywordIndex) -> None:
        self._words = words

    def confidences(self, asked: Asked) -> Scores:
        return self._words.confidences(asked.text)


class Meaning:
    """Finds what means the same, in whatever words and language."""

    by = By.MEANING

    def __init__(self, meaning: MeaningIndex) -> None:
        self._meaning = meaning

    def confidences(self, asked: Asked) -> Scores:
        if asked.meaning is None:
            return np.zeros(len(self._meaning.present))
        return self._meaning.nearness(asked.meaning) * (1 - WORDS)


class Both:
    """Meaning helped by words; words alone for a document that has no vectors yet."""

    by = By.BOTH

    def __init__(self, words: KeywordIndex, meaning: MeaningIndex) -> None:
        self._words, self._meaning = words, meaning

    def confidences(self, asked: Asked) -> Scores:
        words = self._words.confidences(asked.text)
        if asked.meaning is None:
            return words
        near = self._meaning.nearness(asked.meaning)
        both = (1 - WORDS) * near + WORDS * words
        found: Scores = np.where(self._meaning.present, both, words)
        if (same := self._words.same_wording(asked.text)) is not None:
            found *= BESIDE_THE_SAME / max(BESIDE_THE_SAME, found.max())
            found[same] = 1
        return found
