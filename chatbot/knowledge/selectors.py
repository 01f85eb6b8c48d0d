"""Reads. All need the tenant's scope."""

from django.db.models import Sum

from chatbot.knowledge.embedders.choice import embedder_of, patience
from chatbot.knowledge.embedders.desk import desk
from chatbot.knowledge.embedders.embedding import Vectors
from chatbot.knowledge.index import catalogues
from chatbot.knowledge.models import Article, ImportSource
from chatbot.knowledge.shelves import Catalogue
from chatbot.knowledge.shelves import Found as Found
from chatplatform.tenants.models import Tenant


def search_passages(tenant: Tenant, question: str, *, language: str, limit: int = 5) -> list[Found]:
    """The best passage of each of the best articles, best first.

    By words, and by meaning where the tenant has an embedder that answers in time. Articles in
    `language` first; in any language if none of those comes near.
    """
    catalogue = catalogues.current(tenant)
    vector = _vector(tenant, catalogue, question)
    return catalogue.find(catalogue.asked(question, language, vector), language, limit)


def _vector(tenant: Tenant, catalogue: Catalogue, question: str) -> Vectors | None:
    embedder = embedder_of(tenant)
    if embedder is None or embedder.model != catalogue.model:
        return None  # the passages' vectors are another model's until they are embedded anew
    if not any(shelf.finds_meaning for shelf in catalogue.shelves.values()):
        return None
    return desk.vector(embedder, question, patience=patience(tenant))


def starter_topics(tenant: Tenant, *, language: str, limit: int = 3) -> list[str]:
    """Titles to begin with: the oldest article of each category, oldest first."""
    titles: dict[str, str] = {}
    for shelf in catalogues.current(tenant).readable(language):
        for entry in shelf.entries:
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
