"""Articles for an agent to point at: by their titles, else by what they say."""

from functools import reduce
from operator import and_

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from chatbot.knowledge.models import Article
from chatbot.knowledge.selectors import search_passages
from chatbot.knowledge.words import language_of
from chatplatform.tenants.models import Tenant

MOST = 8


def articles_like(tenant: Tenant, words: str) -> list[Article]:
    """Published articles, best first: every word stands in the title, or the assistant would find
    them for these words. What is published everybody may read. Needs the tenant's scope."""
    if not words.strip():
        return []
    public = Article.objects.filter(published=True)
    titled = list(public.filter(_titled(words)).order_by("title", "pk")[:MOST])
    found = {article.pk: article for article in [*titled, *_about(public, tenant, words)]}
    return list(found.values())[:MOST]


def _titled(words: str) -> Q:
    return reduce(and_, (Q(title__icontains=word) for word in words.split()[:8]))


def _about(public: QuerySet[Article], tenant: Tenant, words: str) -> list[Article]:
    language = language_of(words, fallback=get_language() or "en")
    passages = search_passages(tenant, words, language=language, limit=MOST)
    by_key = public.in_bulk([found.entry.article_id for found in passages])
    keys = (found.entry.article_id for found in passages)
    return [by_key[key] for key in keys if key in by_key]
