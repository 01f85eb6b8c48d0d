"""Plain BM25 as textbooks have it: what our own search is measured against. Pure."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from chatbot.evaluation.measures import Reply
from chatbot.knowledge.retrieval import Document

K1, B = 1.2, 0.75
# Latin words as they stand, each Chinese character a word of its own.
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")


class PlainBM25:
    """One bag of words a document: no stems, stop words, synonyms, weights or pairs."""

    def __init__(self, documents: Iterable[tuple[str, Document]]) -> None:
        self._bags: dict[str, Counter[str]] = defaultdict(Counter)
        for key, document in documents:
            text = "\n".join((document.title, *document.wordings, document.text))
            self._bags[key].update(_words(text))
        self._holders = Counter(word for bag in self._bags.values() for word in bag)
        lengths = [bag.total() for bag in self._bags.values()]
        self._usual = sum(lengths) / max(len(lengths), 1) or 1

    def reply(self, text: str, limit: int = 3) -> Reply:
        """What it finds; it never judges."""
        rated = {key: self._score(set(_words(text)), bag) for key, bag in self._bags.items()}
        found = sorted((key for key, score in rated.items() if score), key=lambda key: -rated[key])
        return Reply(tuple(found[:limit]), judged=False)

    def _score(self, asked: set[str], bag: Counter[str]) -> float:
        damping = K1 * (1 - B + B * bag.total() / self._usual)
        return sum(
            self._rarity(word) * bag[word] * (K1 + 1) / (bag[word] + damping)
            for word in asked & bag.keys()
        )

    def _rarity(self, word: str) -> float:
        holders = self._holders[word]
        return math.log(1 + (len(self._bags) - holders + 0.5) / (holders + 0.5))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
