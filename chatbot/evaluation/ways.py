"""The ways to find and answer that are compared: words, meaning, both, and the baseline."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from chatbot.assistant.embedded import policy
from chatbot.evaluation.baseline import PlainBM25
from chatbot.evaluation.measures import Reply, Way
from chatbot.knowledge.embedders.embedding import Vectors
from chatbot.knowledge.retrieval import Document
from chatbot.knowledge.retrievers import By, Meaning
from chatbot.knowledge.shelves import Catalogue, Found

BASELINE = "bm25"
NAMES = (BASELINE, *By)
LIMIT = 5

Embed = Callable[[str], Vectors | None]
"""From a question to its vector."""


def ways(
    catalogue: Catalogue, documents: Sequence[tuple[str, str, Document]], embed: Embed | None
) -> dict[str, Way]:
    """Each way by its name, as far as there are vectors. `documents` are (key, language, ...)."""
    found: dict[str, Way] = {
        BASELINE: _baseline(documents),
        By.WORDS: _searched(_words_only(catalogue), lambda text: None),
    }
    if embed is not None and any(shelf.finds_meaning for shelf in catalogue.shelves.values()):
        found[By.MEANING] = _by_meaning(catalogue, embed)
        found[By.BOTH] = _searched(catalogue, embed)
    return found


def as_searched(catalogue: Catalogue, embed: Embed | None) -> Way:
    """The way customers' questions go now."""
    return _searched(catalogue, embed or (lambda text: None))


def _baseline(documents: Sequence[tuple[str, str, Document]]) -> Way:
    languages = {language for _, language, _ in documents}
    indexes = {
        each: PlainBM25(
            (key, document) for key, language, document in documents if language == each
        )
        for each in languages
    }
    everything = PlainBM25((key, document) for key, _, document in documents)
    return lambda text, language: indexes.get(language, everything).reply(text)


def _words_only(catalogue: Catalogue) -> Catalogue:
    bare = {key: replace(shelf, meaning=None) for key, shelf in catalogue.shelves.items()}
    return Catalogue(bare)


def _searched(catalogue: Catalogue, embed: Embed) -> Way:
    def way(text: str, language: str) -> Reply:
        asked = catalogue.asked(text, language, embed(text))
        return _judged(catalogue.find(asked, language, LIMIT), language)

    return way


def _by_meaning(catalogue: Catalogue, embed: Embed) -> Way:
    def way(text: str, language: str) -> Reply:
        asked = catalogue.asked(text, language, embed(text))
        found = [
            each
            for shelf in catalogue.readable(language)
            if shelf.meaning is not None
            for each in shelf.find(asked, LIMIT, by=Meaning(shelf.meaning))
        ]
        return _judged(sorted(found, key=lambda each: -each.confidence), language)

    return way


def _judged(found: Sequence[Found], language: str) -> Reply:
    verdict = policy.judge(found, language=language)
    answer = verdict.passage.entry.slug if verdict.passage else None
    return Reply(tuple(each.entry.slug for each in found), answer)
