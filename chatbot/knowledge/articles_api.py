"""Articles for programs."""

from dataclasses import replace
from typing import Any, cast

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.conversations.wire import Shape
from chatbot.knowledge import services
from chatbot.knowledge.access import access_article, check_may
from chatbot.knowledge.models import Article
from chatbot.knowledge.selectors import articles_in
from chatbot.knowledge.services.articles import draft_of
from chatbot.knowledge.shapes import (
    ArticleBody,
    ArticleChanges,
    ArticleOut,
    ArticlesOut,
    ArticlesQuery,
    article_out,
)
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.accounts.organisation.doors import company_of
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.http import read_body, read_query
from chatplatform.kernel.input_errors import field_error
from chatplatform.kernel.pagination import CursorPages
from chatplatform.kernel.visibility import keep_visible
from chatplatform.tenants.models import Tenant

TAGS = ["knowledge"]


class ArticlesView(AgentAPIView):
    @extend_schema(
        operation_id="list_articles",
        parameters=[
            OpenApiParameter("search", str, description="Words of the article."),
            OpenApiParameter("language", str, enum=["zh-hans", "en"]),
            OpenApiParameter("category", str),
            OpenApiParameter("state", str, enum=list(Article.State.values)),
            OpenApiParameter("limit", int, description="Articles a page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
        ],
        responses=ArticlesOut,
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """The articles that the caller may see, those changed last first."""
        user = caller(request)
        check_may(user, "view_article")
        pages = CursorPages()
        page = pages.paginate_queryset(_asked_for(request, user), request, self) or []
        return answer(
            ArticlesOut(
                results=[article_out(article) for article in page],
                next=pages.get_next_link(),
                previous=pages.get_previous_link(),
            )
        )

    @extend_schema(
        operation_id="write_article",
        request=ArticleBody,
        responses={201: ArticleOut},
        tags=TAGS,
    )
    def post(self, request: Request) -> Response:
        """Write an article: a draft, or `published` at once."""
        user = caller(request)
        tenant = company_of(user)
        check_may(user, "add_article")
        body = read_body(request, ArticleBody).model_dump()
        original = _original(user, body["translation_of"])
        draft = services.Draft(
            **{**body, "wordings": tuple(body["wordings"]), "translation_of": original}
        )
        article = _save(user, tenant=tenant, draft=draft)
        return answer(article_out(article), status=201)


class ArticleView(AgentAPIView):
    @extend_schema(operation_id="get_article", responses=ArticleOut, tags=TAGS)
    def get(self, request: Request, id: int) -> Response:
        """One article."""
        user = caller(request)
        return answer(article_out(access_article(user=user, key=id, permission="view_article")))

    @extend_schema(
        operation_id="change_article", request=ArticleChanges, responses=ArticleOut, tags=TAGS
    )
    def patch(self, request: Request, id: int) -> Response:
        """Change an article, publish or withdraw it; how it read before is kept as a version."""
        user = caller(request)
        article = access_article(user=user, key=id, permission="change_article")
        changes = read_body(request, ArticleChanges).model_dump(exclude_unset=True)
        if "wordings" in changes:
            changes["wordings"] = tuple(changes["wordings"])
        if "translation_of" in changes:
            changes["translation_of"] = _original(user, changes["translation_of"])
        draft = replace(draft_of(article), **changes)
        saved = _save(user, tenant=article.tenant, draft=draft, article=article)
        return answer(article_out(saved))

    @extend_schema(operation_id="delete_article", responses={204: None}, tags=TAGS)
    def delete(self, request: Request, id: int) -> Response:
        """Delete an article with its versions; answers already given keep their quotes."""
        user = caller(request)
        article = access_article(user=user, key=id, permission="delete_article")
        services.delete_article(article=article, actor=actor_of(user))
        return Response(status=204)


def caller(request: Request) -> User:
    return cast(User, request.user)


def answer(shape: Shape, *, status: int = 200) -> Response:
    return Response(shape.model_dump(mode="json"), status=status)


@services.publishing
def _save(
    user: User, *, tenant: Tenant, draft: services.Draft, article: Article | None = None
) -> Article:
    saved = services.save_article(tenant=tenant, draft=draft, article=article, actor=actor_of(user))
    keep_visible(saved, user)
    return saved


def _asked_for(request: Request, user: User) -> QuerySet[Article]:
    query = read_query(request, ArticlesQuery)
    rows: Any = Article.objects.visible_to(user).select_related("tenant")
    found: QuerySet[Article] = articles_in(rows, query.state)
    if query.language:
        found = found.filter(language=query.language)
    if query.category is not None:
        found = found.filter(category=query.category)
    for word in query.search.split():
        within = Q(title__icontains=word) | Q(wordings__icontains=word) | Q(body__icontains=word)
        found = found.filter(within)
    return found.order_by("-updated_at", "-id")


def _original(user: User, key: int | None) -> Article | None:
    """The article that another is a translation of; InvalidInput if there is none."""
    if key is None:
        return None
    seen = Article.objects.visible_to(user).select_related("translation_of")
    found: Article | None = seen.filter(pk=key).first() if 0 < key < 2**63 else None
    if found is None:
        raise InvalidInput(errors=[field_error("translation_of", "not_a_choice")])
    return found
