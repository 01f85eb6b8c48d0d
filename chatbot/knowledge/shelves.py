"""Passages in memory, by language, and how one is found among them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chatbot.knowledge.embedders.embedding import Vectors, of_length_one
from chatbot.knowledge.meaning import MeaningIndex
from chatbot.knowledge.retrieval import KeywordIndex, best
from chatbot.knowledge.retrievers import Asked, Both, By, Meaning, Retriever, Words

# From this on something in the question's own language answers, so no other is searched. Below it
# the others' best stand beside its first, below WEAK before it.
SURE = 0.43
WEAK = 0.25
# What another language costs: an answer one can read is worth more than one a little nearer.
OTHER_LANGUAGE = 0.1


@dataclass(frozen=True)
class Entry:
    """A published passage as an answer needs it."""

    passage_id: int
    article_id: int
    title: str
    category: str
    slug: str
    language: str
    heading: str
    text: str
    content_hash: str


@dataclass(frozen=True)
class Found:
    """A passage that may answer; `confidence` 0..1 on the scale of the way it was found `by`."""

    entry: Entry
    confidence: float
    by: By = By.WORDS


@dataclass(frozen=True)
class Shelf:
    """Entries of one language, and indexes whose document numbers are their places."""

    entries: tuple[Entry, ...]
    words: KeywordIndex
    meaning: MeaningIndex | None = None

    @cached_property
    def finds_meaning(self) -> bool:
        return self.meaning is not None and bool(self.meaning.present.any())

    def retriever(self, asked: Asked) -> Retriever:
        """By both where there are vectors of the question and of passages, else by words."""
        if asked.meaning is None or self.meaning is None or not self.finds_meaning:
            return Words(self.words)
        return Both(self.words, self.meaning)

    def find(
        self, asked: Asked, limit: int, *, by: Retriever | None = None, cost: float = 0.0
    ) -> list[Found]:
        """The best passage of each of the best articles, best first."""
        retriever = by or self.retriever(asked)
        found: dict[int, Found] = {}
        for number, confidence in best(retriever.confidences(asked) - cost, limit * 4):
            entry = self.entries[number]
            found.setdefault(entry.article_id, Found(entry, min(confidence, 1.0), retriever.by))
        return list(found.values())[:limit]


@dataclass(frozen=True)
class Catalogue:
    """All that a tenant has published, by language, and by which `model` it is found by meaning.

    `common` holds what the questions of a language have in common.
    """

    shelves: Mapping[str, Shelf]
    model: str = ""
    common: Mapping[str, Vectors | None] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many passages there are."""
        return sum(len(shelf.entries) for shelf in self.shelves.values())

    def readable(self, language: str) -> list[Shelf]:
        """What is written in that language, or everything if nothing is."""
        own = self.shelves.get(language)
        return [own] if own else list(self.shelves.values())

    def asked(self, question: str, language: str, vector: Vectors | None) -> Asked:
        """The question as shelves are asked; `vector` is what the embedder made of it."""
        common = self.common.get(language)
        if vector is None or common is None or common.shape != vector.shape:
            return Asked(question)
        return Asked(question, of_length_one(vector - common))

    def find(self, asked: Asked, language: str, limit: int) -> list[Found]:
        """The best passages; from other languages, too, where the question's own has none."""
        own = self.shelves.get(language)
        found = own.find(asked, limit) if own else []
        if found and found[0].confidence >= SURE:
            return found
        first = [each for each in found[:1] if each.confidence >= WEAK]
        others = found[len(first) :]
        for each, shelf in self.shelves.items():
            if each != language:
                others += _abroad(shelf, asked, limit, alone=own is None)
        return [*first, *sorted(others, key=lambda each: -each.confidence)][:limit]


def _abroad(shelf: Shelf, asked: Asked, limit: int, *, alone: bool) -> list[Found]:
    """What a shelf of another language has: words seldom cross languages, meaning does."""
    if asked.meaning is None or shelf.meaning is None or not shelf.finds_meaning:
        return shelf.find(asked, limit) if alone else []
    return shelf.find(asked, limit, by=Meaning(shelf.meaning), cost=OTHER_LANGUAGE)
