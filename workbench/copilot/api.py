"""The copilot's HTTP API. No call waits for a model: what it writes comes over the stream."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.conversations.access import access_conversation
from chatbot.knowledge.models import Article
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.kernel.http import read_body, read_query
from workbench.copilot.articles import articles_like
from workbench.copilot.offers import Offer, offers
from workbench.copilot.services import ask_copilot, stop_copilot
from workbench.copilot.shapes import (
    ArticleChoice,
    ArticleChoicesOut,
    ArticlesQuery,
    CopilotBody,
    CopilotOut,
    OfferOut,
    RequestOut,
)
from workbench.copilot.tasks import Task
from workbench.copilot.worker import patience
from workbench.desk.doors import agent_of, tenant_of

_TAGS = ["copilot"]


class CopilotView(AgentAPIView):
    @extend_schema(operation_id="list_copilot_tasks", responses=CopilotOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """What the copilot can do now, and why it can't do the rest."""
        found = offers(tenant_of(agent_of(request.user)))
        answer = CopilotOut(tasks=[_offer_out(offer) for offer in found], patience=patience())
        return Response(answer.model_dump(mode="json"))


class RequestsView(AgentAPIView):
    @extend_schema(
        operation_id="ask_copilot", request=CopilotBody, responses={202: RequestOut}, tags=_TAGS
    )
    def post(self, request: Request, name: str) -> Response:
        """Have something written: it comes as `copilot_delta` and `copilot_answer` events."""
        agent = agent_of(request.user)
        conversation = access_conversation(user=agent, name=name)
        body = read_body(request, CopilotBody)
        asked = ask_copilot(
            conversation=conversation,
            agent=agent,
            task=Task(body.task),
            text=body.text,
            language=body.language or "",
        )
        return Response(RequestOut(request=asked).model_dump(mode="json"), status=202)


class RequestView(AgentAPIView):
    @extend_schema(operation_id="stop_copilot", responses={204: None}, tags=_TAGS)
    def delete(self, request: Request, name: str, asked: str) -> Response:
        """Stop writing; nothing more of it is told. One that has ended is stopped already."""
        agent = agent_of(request.user)
        access_conversation(user=agent, name=name)
        stop_copilot(agent=agent, request=asked)
        return Response(status=204)


class ArticlesView(AgentAPIView):
    @extend_schema(
        operation_id="find_articles",
        parameters=[OpenApiParameter("search", str, description="Words, or a whole question.")],
        responses=ArticleChoicesOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """The published articles that fit these words, eight at most, best first."""
        agent = agent_of(request.user)
        words = read_query(request, ArticlesQuery).search
        found = articles_like(tenant_of(agent), words)
        return Response(
            ArticleChoicesOut(results=list(map(_choice, found))).model_dump(mode="json")
        )


def _choice(article: Article) -> ArticleChoice:
    return ArticleChoice(
        slug=article.slug,
        title=article.title,
        category=article.category,
        language=article.language,
    )


def _offer_out(offer: Offer) -> OfferOut:
    refusal = offer.refusal
    return OfferOut(
        task=offer.task.value,
        available=offer.available,
        origin=offer.origin.value if offer.origin else None,
        code=refusal.code if refusal else "",
        detail=str(refusal.detail) if refusal else "",
    )
