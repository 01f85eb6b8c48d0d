"""Which articles are about the same as a text: for duplicates, and for what belongs together."""

from dataclasses import dataclass

from chatbot.knowledge.embedders import store, texts
from chatbot.knowledge.embedders.choice import embedder_of
from chatbot.knowledge.embedders.embedding import Embedder, Kind, NotEmbedded, Vectors, readable
from chatbot.knowledge.embedders.texts import Text
from chatbot.knowledge.index import passages
from chatbot.knowledge.models import Article
from chatbot.knowledge.similarity import overlap, terms
from chatplatform.tenants.models import Tenant

SECONDS = 5.0


@dataclass(frozen=True)
class Near:
    """An article, the title or other wording of it that is nearest, and how near: 1 is the same.

    By words, `likeness` is the share of words in common; by meaning, a cosine: with the offline
    model unrelated questions have about 0.8, the same question in other words 0.9 and more.
    """

    article_id: int
    title: str
    wording: str
    likeness: float
    by_meaning: bool


def nearest(tenant: Tenant, text: str, *, language: str = "", limit: int = 5) -> list[Near]:
    """The published articles nearest to a question or title, nearest first; in one language, or
    all. In the tenant's scope, and not on a customer's way: it asks the embedder at once."""
    ways = _ways(language)
    embedder = embedder_of(tenant)
    vector = _vector(embedder, text) if embedder else None
    if embedder is None or vector is None or not ways:
        return _best(_by_words(text, ways), limit)
    known = store.nearest(tenant, embedder.model, vector, [w.key for w in ways], limit * 4)
    near = [
        Near(article.pk, article.title, way.text, float(known[way.key] @ vector), True)
        for way, articles in ways.items()
        if way.key in known
        for article in articles
    ]
    return _best(near or _by_words(text, ways), limit)


def _ways(language: str) -> dict[Text, list[Article]]:
    """Every title and other wording, and whose it is."""
    found: dict[Text, dict[int, Article]] = {}
    for row in passages():
        article = row.article
        if language in ("", article.language):
            for wording in (article.title, *article.wordings.splitlines()):
                found.setdefault(texts.asked(wording), {})[article.pk] = article
    return {way: list(articles.values()) for way, articles in found.items() if way.text}


def _by_words(text: str, ways: dict[Text, list[Article]]) -> list[Near]:
    wanted = terms(text)
    return [
        Near(article.pk, article.title, way.text, common, False)
        for way, articles in ways.items()
        if (common := overlap(wanted, terms(way.text)))
        for article in articles
    ]


def _best(near: list[Near], limit: int) -> list[Near]:
    """Each article once, by its nearest wording."""
    found: dict[int, Near] = {}
    for each in sorted(near, key=lambda each: -each.likeness):
        found.setdefault(each.article_id, each)
    return list(found.values())[:limit]


def _vector(embedder: Embedder, text: str) -> Vectors | None:
    if not (plain := readable(text, Kind.QUESTION)):
        return None
    try:
        found: Vectors = embedder.embed([plain], Kind.QUESTION, timeout=SECONDS)[0]
    except NotEmbedded:
        return None
    return found
