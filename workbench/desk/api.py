"""The agents' HTTP API: the console uses it for every action, and so may any other client."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.assistant.briefs.selectors import BriefOut, NoBrief, brief_answer, brief_of
from chatbot.conversations import authors, selectors, services, wire
from chatbot.conversations.access import access_conversation
from chatbot.conversations.bodies import (
    CloseBody,
    EmptyBody,
    MessageBody,
    MessagesQuery,
    RoutingBody,
)
from chatbot.conversations.departments import department_called
from chatbot.conversations.models import Conversation
from chatbot.conversations.states import State
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.kernel.http import read_body, read_query
from workbench.desk.bodies import ReadBody
from workbench.desk.doors import agent_of
from workbench.desk.pagination import SessionPages
from workbench.desk.services import mark_read
from workbench.desk.shapes import SessionsOut

_TAGS = ["agent"]


class SessionsView(AgentAPIView):
    @extend_schema(
        operation_id="list_sessions",
        parameters=[
            OpenApiParameter("status", str, enum=State.values),
            OpenApiParameter("limit", int, description="Sessions a page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
        ],
        responses=SessionsOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """The sessions the agent may see, last active first; the queue in its own order."""
        agent = agent_of(request.user)
        found = selectors.conversations_for(agent, status=request.query_params.get("status"))
        pages = SessionPages()
        page = pages.paginate_queryset(found, request, self) or []
        results = [selectors.listed_session(conversation) for conversation in page]
        return _answer(
            SessionsOut(
                results=results, next=pages.get_next_link(), previous=pages.get_previous_link()
            )
        )


class SessionView(AgentAPIView):
    @extend_schema(operation_id="get_session", responses=wire.SessionOut, tags=_TAGS)
    def get(self, request: Request, name: str) -> Response:
        """The session as it is now."""
        _, conversation = _session(request, name)
        return _answer(selectors.session_answer(conversation))


class BriefView(AgentAPIView):
    @extend_schema(operation_id="get_brief", responses=BriefOut, tags=_TAGS)
    def get(self, request: Request, name: str) -> Response:
        """What to know about a customer who waits or is served: why, what for, what was tried."""
        _, conversation = _session(request, name)
        brief = brief_of(conversation)
        if brief is None:
            raise NoBrief
        return _answer(brief_answer(conversation, brief))


class MessagesView(AgentAPIView):
    @extend_schema(
        operation_id="list_messages",
        parameters=[OpenApiParameter("after", int, description="Only messages with a higher id.")],
        responses=wire.MessagesOut,
        tags=_TAGS,
    )
    def get(self, request: Request, name: str) -> Response:
        """The messages in order, from the beginning or after one."""
        _, conversation = _session(request, name)
        after = read_query(request, MessagesQuery).after
        return _answer(selectors.messages_answer(conversation, after=after))

    @extend_schema(
        operation_id="post_message",
        request=MessageBody,
        responses={201: wire.MessageOut, 200: wire.MessageOut},
        tags=_TAGS,
    )
    def post(self, request: Request, name: str) -> Response:
        """Answer the customer. The same `client_id` again answers 200 with the message it made."""
        agent, conversation = _session(request, name)
        body = read_body(request, MessageBody)
        posted = services.post_message(
            conversation=conversation,
            author=authors.agent(agent),
            text=body.text,
            client_id=body.client_id,
        )
        return _answer(wire.message_out(posted.message), status=201 if posted.created else 200)


class AcceptView(AgentAPIView):
    @extend_schema(
        operation_id="accept_session", request=EmptyBody, responses=wire.SessionOut, tags=_TAGS
    )
    def post(self, request: Request, name: str) -> Response:
        """Take a waiting customer; 409 with the session as it is now if someone else was first."""
        agent, conversation = _session(request, name)
        read_body(request, EmptyBody)
        services.accept_conversation(conversation=conversation, agent=agent)
        return _answer(selectors.session_answer(conversation))


class DepartmentView(AgentAPIView):
    @extend_schema(
        operation_id="move_session_to_department",
        request=RoutingBody,
        responses=wire.SessionOut,
        tags=_TAGS,
    )
    def post(self, request: Request, name: str) -> Response:
        """Hand the customer to a department, perhaps out of one's own sight."""
        agent, conversation = _session(request, name)
        wanted = read_body(request, RoutingBody).department
        services.move_to_department(
            conversation=conversation, department=department_called(wanted or ""), by=agent
        )
        return _answer(selectors.session_answer(conversation))


class ReturnToAIView(AgentAPIView):
    @extend_schema(
        operation_id="return_session_to_ai",
        request=EmptyBody,
        responses=wire.SessionOut,
        tags=_TAGS,
    )
    def post(self, request: Request, name: str) -> Response:
        """Hand the customer back to the AI."""
        agent, conversation = _session(request, name)
        read_body(request, EmptyBody)
        services.return_to_ai(conversation=conversation, agent=agent)
        return _answer(selectors.session_answer(conversation))


class CloseView(AgentAPIView):
    @extend_schema(
        operation_id="close_session", request=CloseBody, responses=wire.SessionOut, tags=_TAGS
    )
    def post(self, request: Request, name: str) -> Response:
        """End the conversation, for a reason if one is given; closing a closed one changes none."""
        agent, conversation = _session(request, name)
        reason = read_body(request, CloseBody).reason
        services.close_conversation(
            conversation=conversation, actor=authors.agent(agent), reason=reason
        )
        return _answer(selectors.session_answer(conversation))


class TypingView(AgentAPIView):
    @extend_schema(
        operation_id="announce_typing", request=EmptyBody, responses={204: None}, tags=_TAGS
    )
    def post(self, request: Request, name: str) -> Response:
        """Say that the agent is typing right now."""
        agent, conversation = _session(request, name)
        read_body(request, EmptyBody)
        services.announce_typing(conversation=conversation, author=authors.agent(agent))
        return Response(status=204)


class ReadView(AgentAPIView):
    @extend_schema(
        operation_id="mark_session_read", request=ReadBody, responses={204: None}, tags=_TAGS
    )
    def post(self, request: Request, name: str) -> Response:
        """Say how far the agent has read; her other tabs hear of it."""
        agent, conversation = _session(request, name)
        upto = read_body(request, ReadBody).last_message_id
        mark_read(conversation=conversation, agent=agent, last_message_id=upto)
        return Response(status=204)


def _session(request: Request, name: str) -> tuple[User, Conversation]:
    agent = agent_of(request.user)
    return agent, access_conversation(user=agent, name=name)


def _answer(shape: wire.Shape, *, status: int = 200) -> Response:
    body: dict[str, Any] = shape.model_dump(mode="json")
    return Response(body, status=status)
