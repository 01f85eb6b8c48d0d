"""Sensitive words and what became of them, for programs; the pages for people are in the admin."""

from typing import Any, cast

from django.db import models
from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.moderation import services
from chatbot.moderation.choices import Speaker
from chatbot.moderation.models import Hit, Original, SensitiveWord
from chatbot.moderation.normal_form import normal_text
from chatbot.moderation.screening import screen
from chatbot.moderation.selectors import REVIEW
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotFound, PermissionRefused
from chatplatform.kernel.http import read_body, read_query
from chatplatform.kernel.pagination import CursorPages
from workbench.administration.answers import answer
from workbench.administration.moderation_shapes import (
    CheckBody,
    CheckOut,
    FindingOut,
    HitOut,
    HitsOut,
    HitsQuery,
    OriginalOut,
    RevealBody,
    VerdictBody,
    WordBody,
    WordChangeBody,
    WordOut,
    WordsOut,
    WordsQuery,
    hit_out,
    word_out,
)
from workbench.desk.doors import tenant_of

_TAGS = ["moderation"]
_PAGES = [
    OpenApiParameter("limit", int, description="Rows a page, 1 to 100."),
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
]


class CheckView(AgentAPIView):
    @extend_schema(operation_id="check_text", request=CheckBody, responses=CheckOut, tags=_TAGS)
    def post(self, request: Request) -> Response:
        """What would become of a text: nothing is kept, nobody is told."""
        user = _permitted(request, "moderation.view_sensitiveword")
        body = read_body(request, CheckBody)
        found = screen(tenant_of(user), body.text, Speaker(body.speaker))
        findings = [
            FindingOut(
                word=each.word,
                category=each.category,
                action=each.action.value,
                start=each.start,
                end=each.end,
            )
            for each in found.findings
        ]
        return answer(
            CheckOut(
                text=found.text,
                normalised=normal_text(body.text),
                blocked=found.blocked,
                topics=sorted(found.topics),
                personal_data=sorted(kind.value for kind in found.kinds),
                findings=findings,
            )
        )


class WordsView(AgentAPIView):
    @extend_schema(
        operation_id="list_sensitive_words",
        parameters=[
            OpenApiParameter("q", str, description="A part of the word."),
            OpenApiParameter("category", str),
            OpenApiParameter("action", str, enum=["block", "mask", "review", "alert"]),
            *_PAGES,
        ],
        responses=WordsOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """The caller's company's words, oldest first."""
        user = _permitted(request, "moderation.view_sensitiveword")
        query = read_query(request, WordsQuery)
        wanted = {"category": query.category, "action": query.action, "word__icontains": query.q}
        found = _narrowed(SensitiveWord.objects.visible_to(user), wanted).order_by("id")
        pages = CursorPages()
        page = pages.paginate_queryset(found, request, self) or []
        results = [word_out(word) for word in page]
        links = {"next": pages.get_next_link(), "previous": pages.get_previous_link()}
        return answer(WordsOut(results=results, **links))

    @extend_schema(
        operation_id="add_sensitive_word", request=WordBody, responses={201: WordOut}, tags=_TAGS
    )
    def post(self, request: Request) -> Response:
        """Add a word; it is looked for everywhere within a few seconds."""
        user = _permitted(request, "moderation.add_sensitiveword")
        body = read_body(request, WordBody)
        word = services.save_word(tenant=tenant_of(user), draft=body.draft(), actor=actor_of(user))
        return Response(word_out(word).model_dump(mode="json"), status=201)


class WordView(AgentAPIView):
    @extend_schema(
        operation_id="change_sensitive_word",
        request=WordChangeBody,
        responses=WordOut,
        tags=_TAGS,
    )
    def patch(self, request: Request, id: int) -> Response:
        """Change what is given."""
        user = _permitted(request, "moderation.change_sensitiveword")
        word = _row(SensitiveWord, user, id)
        body = read_body(request, WordChangeBody)
        known = word_out(word).model_dump(include=set(WordBody.model_fields))
        draft = WordBody(**{**known, **body.model_dump(exclude_none=True)}).draft()
        services.save_word(tenant=word.tenant, draft=draft, word=word, actor=actor_of(user))
        return answer(word_out(word))

    @extend_schema(operation_id="delete_sensitive_word", responses={204: None}, tags=_TAGS)
    def delete(self, request: Request, id: int) -> Response:
        """Take it off the list; its hits stay."""
        user = _permitted(request, "moderation.delete_sensitiveword")
        services.delete_word(word=_row(SensitiveWord, user, id), actor=actor_of(user))
        return Response(status=204)


class HitsView(AgentAPIView):
    @extend_schema(
        operation_id="list_moderation_hits",
        parameters=[
            OpenApiParameter("verdict", str, enum=["open", "confirmed", "false_alarm"]),
            OpenApiParameter("action", str, enum=["block", "mask", "review", "alert"]),
            OpenApiParameter("category", str),
            *_PAGES,
        ],
        responses=HitsOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """Words that were said in conversations the caller may see, newest first."""
        user = _permitted(request, "moderation.view_hit")
        wanted = read_query(request, HitsQuery).model_dump()
        rows = Hit.objects.visible_to(user).select_related("conversation", "reviewer")
        pages = CursorPages()
        page = pages.paginate_queryset(_narrowed(rows, wanted).order_by("-id"), request, self) or []
        results = [hit_out(hit) for hit in page]
        links = {"next": pages.get_next_link(), "previous": pages.get_previous_link()}
        return answer(HitsOut(results=results, **links))


class VerdictView(AgentAPIView):
    @extend_schema(
        operation_id="judge_moderation_hit", request=VerdictBody, responses=HitOut, tags=_TAGS
    )
    def post(self, request: Request, id: int) -> Response:
        """Say what was meant; a false alarm allows the phrase from now on."""
        user = _permitted(request, REVIEW)
        hit = _row(Hit, user, id)
        body = read_body(request, VerdictBody)
        if body.verdict == "confirmed":
            services.confirm(hits=[hit], by=user)
        else:
            services.dismiss(hit=hit, by=user, phrase=body.phrase)
        return answer(hit_out(_row(Hit, user, id)))


class RevealView(AgentAPIView):
    @extend_schema(
        operation_id="reveal_message", request=RevealBody, responses=OriginalOut, tags=_TAGS
    )
    def post(self, request: Request, id: int) -> Response:
        """What a message said before something was hidden in it. History keeps who read it."""
        user = _permitted(request, "moderation.reveal_original")
        found = Original.objects.visible_to(user).filter(message=id).first()
        if found is None:
            raise NotFound
        reason = read_body(request, RevealBody).reason
        text = services.reveal(original=found, by=user, reason=reason)
        return answer(OriginalOut(message_id=id, text=text))


def _permitted(request: Request, right: str) -> User:
    """The caller, who has a company and the right."""
    user = cast(User, request.user)
    tenant_of(user)
    if not user.has_perm(right):
        raise PermissionRefused
    return user


def _row(model: type[models.Model], user: User, key: int) -> Any:
    """A row that the caller may see."""
    rows: Any = model._default_manager
    found = rows.visible_to(user).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def _narrowed(rows: QuerySet[Any], wanted: dict[str, str]) -> QuerySet[Any]:
    return rows.filter(Q(**{name: value for name, value in wanted.items() if value}))
