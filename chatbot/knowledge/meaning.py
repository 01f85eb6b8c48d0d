"""Retrieval by meaning: one matrix product. Pure, and immutable once built."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot.knowledge.embedders.embedding import Vectors, of_length_one
from chatbot.knowledge.embedders.texts import Text, Wanted, usual
from chatbot.knowledge.retrieval import Scores

# What a title or another wording, a passage under its title and the passage alone weigh; chosen
# on tuning questions only (docs/explanation/answer-quality.md).
WORDING, NAMED, SAID = 0.4, 0.4, 0.2
# What is usual in a language counts as so many texts beside a knowledge base's own.
WEIGHT_OF_USUAL = 20

Known = Mapping[str, Vectors]
"""Vectors by the keys of their texts."""


@dataclass(frozen=True)
class Usual:
    """What the texts of a language have in common, and how near a question comes to its answer."""

    wording: Vectors
    named: Vectors
    said: Vectors
    nearness: float


class MeaningIndex:
    """Finds documents by their meaning; those without vectors yet are not found."""

    def __init__(self, language: str, documents: Sequence[Wanted], known: Known) -> None:
        self._size = len(documents)
        self._usual = usual_of(language, documents, known)
        self.present = np.zeros(self._size, bool)
        self._bodies, self._wordings = _NOTHING, _NOTHING
        self._articles: npt.NDArray[np.intp] = np.zeros(self._size, np.intp)
        self._starts: npt.NDArray[np.intp] = np.zeros(0, np.intp)
        if self._usual is not None:
            self._fill(documents, known, self._usual)

    def nearness(self, question: Vectors) -> Scores:
        """One number per document: 0 for nothing in common, 1 for as near as answers usually are.

        `question` is what `meaning_of` made of it; 0 for a document without vectors yet.
        """
        if self._usual is None or not self.present.any():
            return np.zeros(self._size)
        wordings = np.maximum.reduceat(self._wordings @ question, self._starts)
        near = self._bodies @ question + WORDING * wordings[self._articles]
        found: Scores = np.where(self.present, near / self._usual.nearness, 0.0)
        return found

    def _fill(self, documents: Sequence[Wanted], known: Known, common: Usual) -> None:
        whole = [n for n, document in enumerate(documents) if _is_whole(document, known)]
        if not whole:
            return
        self.present[whole] = True
        named = np.stack([known[documents[n].named.key] for n in whole])
        said = np.stack([known[documents[n].said.key] for n in whole])
        bodies = NAMED * of_length_one(named - common.named)
        bodies += SAID * of_length_one(said - common.said)
        self._bodies = np.zeros((self._size, named.shape[1]), np.float32)
        self._bodies[whole] = bodies
        self._fill_wordings(documents, whole, known, common)

    def _fill_wordings(
        self, documents: Sequence[Wanted], whole: list[int], known: Known, common: Usual
    ) -> None:
        """Passages of one article share its wordings; of these the nearest counts."""
        groups: dict[tuple[Text, ...], int] = {}
        rows: list[Vectors] = []
        starts: list[int] = []
        for n in whole:
            wordings = documents[n].wordings
            if wordings not in groups:
                groups[wordings] = len(starts)
                starts.append(len(rows))
                rows += [known[way.key] for way in wordings if way.key in known]
            self._articles[n] = groups[wordings]
        self._wordings = of_length_one(np.stack(rows) - common.wording)
        self._starts = np.array(starts, np.intp)


_NOTHING: Vectors = np.zeros((0, 0), np.float32)


def _is_whole(document: Wanted, known: Known) -> bool:
    return (
        document.named.key in known
        and document.said.key in known
        and any(way.key in known for way in document.wordings)
    )


def common_of_questions(language: str, known: Known) -> Vectors | None:
    """What the questions of a language have in common; None until those texts are embedded."""
    rows = usual(language)
    if not all(row.question.key in known for row in rows):
        return None
    found: Vectors = np.mean([known[row.question.key] for row in rows], axis=0)
    return found


def usual_of(language: str, documents: Iterable[Wanted], known: Known) -> Usual | None:
    """What is usual in the language and in these documents; None until its texts are embedded."""
    rows = usual(language)
    if not all(text.key in known for row in rows for text in row):
        return None
    own = list(documents)
    wording = _mean((row.title for row in rows), {w for d in own for w in d.wordings}, known)
    named = _mean((row.named for row in rows), {d.named for d in own}, known)
    said = _mean((row.said for row in rows), {d.said for d in own}, known)
    questions = np.stack([known[row.question.key] for row in rows])
    asked = of_length_one(questions - questions.mean(axis=0))
    near = sum(
        weight * np.einsum("ij,ij->i", asked, of_length_one(np.stack(parts) - mean)).mean()
        for weight, mean, parts in (
            (WORDING, wording, [known[row.title.key] for row in rows]),
            (NAMED, named, [known[row.named.key] for row in rows]),
            (SAID, said, [known[row.said.key] for row in rows]),
        )
    )
    return Usual(wording, named, said, max(float(near), 1e-3))


def _mean(of_language: Iterable[Text], own: set[Text], known: Known) -> Vectors:
    common = np.mean([known[text.key] for text in of_language], axis=0)
    ours = [known[text.key] for text in own if text.key in known]
    total = np.sum(ours, axis=0) if ours else 0
    found: Vectors = (total + WEIGHT_OF_USUAL * common) / (len(ours) + WEIGHT_OF_USUAL)
    return found
