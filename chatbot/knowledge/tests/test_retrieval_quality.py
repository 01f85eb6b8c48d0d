"""A measurement with floors: a change that finds fewer of the right articles fails here."""

import pytest

from chatbot.knowledge.demo import demo_drafts
from chatbot.knowledge.retrieval import Document, KeywordIndex
from chatbot.knowledge.tests.questions import Part, questions


def hits(part: Part, language: str) -> tuple[float, float]:
    """The shares of questions whose article is found first, and among the first three."""
    drafts = [draft for draft in demo_drafts() if draft.language == language]
    index = KeywordIndex([Document(d.title, d.body, d.wordings) for d in drafts])
    asked = questions(part, language, on_topic=True)
    found = [[drafts[hit.number].slug for hit in index.search(q.text, 3)] for q in asked]
    first = sum(slugs[:1] == [q.article] for q, slugs in zip(asked, found, strict=True))
    three = sum(q.article in slugs for q, slugs in zip(asked, found, strict=True))
    return first / len(asked), three / len(asked)


@pytest.mark.parametrize(
    ("part", "language", "first", "three"),
    [
        ("tuning", "en", 0.84, 0.97),
        ("tuning", "zh-hans", 0.84, 0.97),
        ("held_out", "en", 0.76, 0.87),
        ("held_out", "zh-hans", 0.84, 0.94),
    ],
)
def test_the_right_article_is_found(part: Part, language: str, first: float, three: float) -> None:
    at_1, at_3 = hits(part, language)
    assert at_1 >= first
    assert at_3 >= three
