"""When to answer, when to ask back and when to say "I don't know". Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot.assistant.answerer import Outcome
from chatbot.knowledge.retrievers import By
from chatbot.knowledge.selectors import Found

TOPICS = 3


@dataclass(frozen=True)
class Scale:
    """What confidences of one way of finding are worth.

    From `answer` on, by language, the best is given as the answer, if it is also by the share
    `lead` better than the next article: else it is a guess between two. Below `near` what was
    found is chance: offering it as a topic would look foolish.
    """

    answer: Mapping[str, float]
    lead: float
    near: float


# Chosen on tuning questions only, held-out ones judge (docs/explanation/answer-quality.md).
# By words, Chinese lies lower because pairs of characters seldom all match.
SCALES = {
    By.WORDS: Scale({"en": 0.27, "zh-hans": 0.22}, lead=0.05, near=0.12),
    By.BOTH: Scale({"en": 0.42, "zh-hans": 0.43}, lead=0.15, near=0.25),
    # From another language than the question's.
    By.MEANING: Scale({"en": 0.3, "zh-hans": 0.3}, lead=0.1, near=0.2),
}


@dataclass(frozen=True)
class Verdict:
    """ANSWERED with the passage to answer from, UNSURE with topics to offer, or UNKNOWN."""

    outcome: Outcome
    passage: Found | None = None
    topics: tuple[str, ...] = ()


def judge(found: Sequence[Found], *, language: str) -> Verdict:
    """What to do with passages: best first, each of another article; the question's `language`."""
    near = [passage for passage in found if passage.confidence >= SCALES[passage.by].near]
    if not near:
        return Verdict(Outcome.UNKNOWN)
    best, scale = near[0], SCALES[near[0].by]
    if best.confidence >= _least(scale, language) and _leads(near, scale.lead):
        return Verdict(Outcome.ANSWERED, passage=best)
    return Verdict(Outcome.UNSURE, topics=tuple(passage.entry.title for passage in near[:TOPICS]))


def _least(scale: Scale, language: str) -> float:
    return scale.answer.get(language, max(scale.answer.values()))


def _leads(near: Sequence[Found], lead: float) -> bool:
    return len(near) == 1 or near[0].confidence * (1 - lead) >= near[1].confidence
