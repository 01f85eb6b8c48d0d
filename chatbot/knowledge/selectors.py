"""Reads. All need the tenant's scope."""

from django.db.models import Q, QuerySet, Sum

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


def translations_of(article: Article) -> list[Article]:
    """The published articles that say the same in other languages."""
    original = article.translation_of_id or article.pk
    same = Article.objects.filter(Q(pk=original) | Q(translation_of=original), published=True)
    return list(same.exclude(language=article.language).order_by("language", "pk"))


def articles_in(articles: QuerySet[Article], state: str | None) -> QuerySet[Article]:
    """Those of the articles that are in that state; all if none is named."""
    if state == Article.State.PUBLISHED:
        return articles.filter(published=True)
    if state == Article.State.DRAFT:
        return articles.filter(published=False, published_at=None)
    if state == Article.State.WITHDRAWN:
        return articles.filter(published=False, published_at__isnull=False)
    return articles


def article_count(tenant: Tenant) -> int:
    """How many articles the tenant has, published or not."""
    return int(Article.objects.filter(tenant=tenant).count())


def kept_bytes(tenant: Tenant) -> int:
    """How much of uploaded files waits to be read."""
    kept = ImportSource.objects.filter(tenant=tenant).aggregate(size=Sum("size"))
    return int(kept["size"] or 0)
