"""Reads. All need the tenant's scope."""

from dataclasses import dataclass

from django.db.models import Sum

from chatbot.knowledge.index import Entry, catalogues
from chatbot.knowledge.models import Article, ImportSource
from chatplatform.tenants.models import Tenant


@dataclass(frozen=True)
class Found:
    """A passage that may answer; `confidence` 0..1 is how much of the question it covers."""

    entry: Entry
    confidence: float


def search_passages(tenant: Tenant, question: str, *, language: str, limit: int = 5) -> list[Found]:
    """The best passage of each of the best articles, best first.

    Articles in `language` only; in any language if the tenant has none in it.
    """
    shelf = catalogues.current(tenant).shelf(language)
    best: dict[int, Found] = {}
    for hit in shelf.index.search(question, limit=limit * 4):
        entry = shelf.entries[hit.number]
        best.setdefault(entry.article_id, Found(entry, hit.confidence))
    return list(best.values())[:limit]


def starter_topics(tenant: Tenant, *, language: str, limit: int = 3) -> list[str]:
    """Titles to begin with: the oldest article of each category, oldest first."""
    titles: dict[str, str] = {}
    for entry in catalogues.current(tenant).shelf(language).entries:
        titles.setdefault(entry.category, entry.title)
    return list(titles.values())[:limit]


def published_article(slug: str) -> Article | None:
    """The published article at that address."""
    article: Article | None = Article.objects.filter(slug=slug, published=True).first()
    return article


def related_articles(article: Article, limit: int = 4) -> list[Article]:
    """Other published articles of its category, in its language."""
    alike = Article.objects.filter(
        category=article.category, language=article.language, published=True
    )
    return list(alike.exclude(pk=article.pk).order_by("pk")[:limit])


def article_count(tenant: Tenant) -> int:
    """How many articles the tenant has, published or not."""
    return int(Article.objects.filter(tenant=tenant).count())


def kept_bytes(tenant: Tenant) -> int:
    """How much of uploaded files waits to be read."""
    kept = ImportSource.objects.filter(tenant=tenant).aggregate(size=Sum("size"))
    return int(kept["size"] or 0)
