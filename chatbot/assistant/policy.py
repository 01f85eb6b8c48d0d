"""When to answer, when to ask back and when to say "I don't know". Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.assistant.answerer import Outcome
from chatbot.knowledge.selectors import Found

# Chosen on the tuning half of chatbot/knowledge/tests/questions.json as the lowest that answer no
# off-topic question of it. Chinese lies lower because pairs of characters seldom all match.
CONFIDENT = {"en": 0.27, "zh-hans": 0.22}
# The best must be this share better than the next article, or it is a guess between two.
LEAD = 0.05
# Below this, what was found is chance: offering it as a topic would look foolish.
NEAR = 0.12
TOPICS = 3


@dataclass(frozen=True)
class Verdict:
    """ANSWERED with the passage to answer from, UNSURE with topics to offer, or UNKNOWN."""

    outcome: Outcome
    passage: Found | None = None
    topics: tuple[str, ...] = ()


def judge(found: Sequence[Found], *, language: str) -> Verdict:
    """What to do with passages: best first, each of another article; the question's `language`."""
    near = [passage for passage in found if passage.confidence >= NEAR]
    if not near:
        return Verdict(Outcome.UNKNOWN)
    best = near[0]
    if best.confidence >= CONFIDENT.get(language, max(CONFIDENT.values())) and _leads(near):
        return Verdict(Outcome.ANSWERED, passage=best)
    return Verdict(Outcome.UNSURE, topics=tuple(passage.entry.title for passage in near[:TOPICS]))


def _leads(near: Sequence[Found]) -> bool:
    return len(near) == 1 or near[0].confidence * (1 - LEAD) >= near[1].confidence
