"""What helps an editor: words that customers use for an article, articles that say the same."""

from dataclasses import dataclass
from typing import Any

from chatbot.knowledge.answers import questions_answered_by
from chatbot.knowledge.models import Article, OpenQuestion
from chatbot.knowledge.selectors import search_passages
from chatbot.knowledge.similarity import SAME, overlap, terms
from chatbot.knowledge.words import wording

NEAR = 0.3  # what a question must share with an article's title or a wording to be offered for it
SAME_TEXT = 0.7
COMPARED = 500
LONGEST = 200  # characters; a longer message tells a story
SHOWN = 5


@dataclass(frozen=True)
class Suggestion:
    """A wording that customers used; `question` is the unanswered question it is from, if it is."""

    text: str
    question: OpenQuestion | None = None


def suggested_wordings(article: Article, user: Any) -> list[Suggestion]:
    """What customers really asked and the article does not know: in vain first, nearest first."""
    known = {wording(text) for text in (article.title, *article.wordings.splitlines())}
    found: dict[str, Suggestion] = {}
    for question in _unanswered(article):
        found.setdefault(wording(question.text), Suggestion(question.text, question))
    for text in questions_answered_by(article, user):
        plain = " ".join(text.split())
        if len(plain) <= LONGEST and terms(plain):
            found.setdefault(wording(plain), Suggestion(plain))
    return [each for key, each in found.items() if key and key not in known][:SHOWN]


def nearest_articles(question: OpenQuestion) -> list[Article]:
    """Published articles that might answer it, best first."""
    found = search_passages(question.tenant, question.text, language=question.language, limit=SHOWN)
    by_key = Article.objects.in_bulk([each.entry.article_id for each in found])
    keys = (each.entry.article_id for each in found)
    return [by_key[key] for key in keys if key in by_key]


def likely_duplicates(article: Article) -> list[Article]:
    """Articles in its language that have its title or say about the same."""
    others = Article.objects.filter(tenant=article.tenant, language=article.language)
    found = search_passages(article.tenant, article.title, language=article.language, limit=SHOWN)
    keys = {each.entry.article_id for each in found}
    keys |= set(others.filter(title__iexact=article.title).values_list("pk", flat=True)[:SHOWN])
    rows = others.filter(pk__in=keys - {article.pk}).order_by("pk")
    return [other for other in rows if _alike(article, other)]


def _alike(one: Article, other: Article) -> bool:
    if overlap(terms(one.title), terms(other.title)) >= SAME:
        return True
    return overlap(terms(one.body), terms(other.body)) >= SAME_TEXT


def _unanswered(article: Article) -> list[OpenQuestion]:
    ways = [terms(text) for text in (article.title, *article.wordings.splitlines())]
    open_ones = OpenQuestion.objects.filter(
        tenant=article.tenant, language=article.language, state=OpenQuestion.State.OPEN
    ).order_by("-last_asked_at")[:COMPARED]
    rated = [
        (max(overlap(way, frozenset(question.terms.split())) for way in ways), question)
        for question in open_ones
    ]
    near = [pair for pair in rated if pair[0] >= NEAR]
    return [question for _, question in sorted(near, key=lambda pair: (-pair[0], pair[1].pk))]
