"""The customers' HTTP API. A visitor is anonymous and holds the token that opened the session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chatbot.conversations import authors, selectors, services, wire
from chatbot.conversations.access import access_session, known_customer
from chatbot.conversations.bodies import (
    EmptyBody,
    MessageBody,
    MessagesQuery,
    OpenSessionBody,
    TransferBody,
)
from chatbot.conversations.departments import department_called
from chatbot.conversations.languages import preferred_language
from chatbot.conversations.models import Conversation
from chatbot.conversations.tokens import bearer_token
from chatplatform.kernel.http import read_body, read_query
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.protection import throttling
from chatplatform.protection.throttling import Rule
from chatplatform.tenants.admission import admit_page, count_call
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.selectors import active_tenant

_TAGS = ["customer"]


class SessionsView(APIView):
    @extend_schema(
        operation_id="open_session",
        request=OpenSessionBody,
        responses={201: wire.OpenedOut},
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Open a session. With the token of an earlier one, for the same customer."""
        body = read_body(request, OpenSessionBody)
        throttling.spend(Rule.NEW_SESSIONS, throttling.caller(request._request))
        tenant = active_tenant(body.tenant)
        _admit(tenant, request)
        token = _token(request)
        opened = services.open_session(
            tenant=tenant,
            name=body.customer.name,
            email=body.customer.email,
            language=body.language or preferred_language(request, default=tenant.default_language),
            customer=known_customer(token=token, tenant=tenant),
        )
        with tenant_scope(tenant):
            session = selectors.session_answer(opened.conversation)
        return _answer(_opened(session, token=opened.token or token), status=201)


class SessionView(APIView):
    @extend_schema(operation_id="get_session", responses=wire.SessionOut, tags=_TAGS)
    def get(self, request: Request, name: str) -> Response:
        """The session as it is now."""
        with _own_session(request, name) as conversation:
            return _answer(selectors.session_answer(conversation))


class MessagesView(APIView):
    @extend_schema(
        operation_id="list_messages",
        parameters=[OpenApiParameter("after", int, description="Only messages with a higher id.")],
        responses=wire.MessagesOut,
        tags=_TAGS,
    )
    def get(self, request: Request, name: str) -> Response:
        """The messages in order, from the beginning or after one."""
        with _own_session(request, name) as conversation:
            after = read_query(request, MessagesQuery).after
            return _answer(selectors.messages_answer(conversation, after=after))

    @extend_schema(
        operation_id="post_message",
        request=MessageBody,
        responses={201: wire.MessageOut, 200: wire.MessageOut},
        tags=_TAGS,
    )
    def post(self, request: Request, name: str) -> Response:
        """Say something. The same `client_id` again answers 200 with the message it made."""
        with _own_session(request, name) as conversation:
            body = read_body(request, MessageBody)
            throttling.spend(Rule.MESSAGES, name)
            posted = services.post_message(
                conversation=conversation,
                author=authors.customer(conversation.customer),
                text=body.text,
                client_id=body.client_id,
            )
        return _answer(wire.message_out(posted.message), status=201 if posted.created else 200)


class TransferView(APIView):
    @extend_schema(
        operation_id="request_transfer",
        request=TransferBody,
        responses={202: wire.SessionOut, 200: wire.SessionOut},
        tags=_TAGS,
    )
    def post(self, request: Request, name: str) -> Response:
        """Ask for a person: 202, or 200 while already waiting."""
        with _own_session(request, name) as conversation:
            body = read_body(request, TransferBody)
            asked = services.request_transfer(
                conversation=conversation,
                actor=authors.customer(conversation.customer),
                reason=body.reason,
                department=department_called(body.department),
            )
            session = selectors.session_answer(conversation)
        return _answer(session, status=202 if asked else 200)


class CancelTransferView(APIView):
    @extend_schema(
        operation_id="cancel_transfer",
        request=EmptyBody,
        responses=wire.SessionOut,
        tags=_TAGS,
    )
    def post(self, request: Request, name: str) -> Response:
        """Stop waiting and go on with the AI."""
        with _own_session(request, name) as conversation:
            read_body(request, EmptyBody)
            customer = authors.customer(conversation.customer)
            services.cancel_transfer(conversation=conversation, actor=customer)
            return _answer(selectors.session_answer(conversation))


class CloseView(APIView):
    @extend_schema(
        operation_id="close_session", request=EmptyBody, responses=wire.SessionOut, tags=_TAGS
    )
    def post(self, request: Request, name: str) -> Response:
        """End the conversation; closing a closed one answers the same."""
        with _own_session(request, name) as conversation:
            read_body(request, EmptyBody)
            customer = authors.customer(conversation.customer)
            services.close_conversation(conversation=conversation, actor=customer)
            return _answer(selectors.session_answer(conversation))


class TypingView(APIView):
    @extend_schema(
        operation_id="announce_typing", request=EmptyBody, responses={204: None}, tags=_TAGS
    )
    def post(self, request: Request, name: str) -> Response:
        """Say that the customer is typing right now."""
        with _own_session(request, name) as conversation:
            read_body(request, EmptyBody)
            customer = authors.customer(conversation.customer)
            services.announce_typing(conversation=conversation, author=customer)
        return Response(status=204)


@contextmanager
def _own_session(request: Request, name: str) -> Iterator[Conversation]:
    """The caller's conversation, with its tenant's scope open."""
    conversation = access_session(token=_token(request), name=name)
    _admit(conversation.tenant, request)
    with tenant_scope(conversation.tenant):
        yield conversation


def _admit(tenant: Tenant, request: Request) -> None:
    count_call(tenant)
    admit_page(tenant, request._request)


def _token(request: Request) -> str:
    return bearer_token(request.headers.get("Authorization", ""))


def _opened(session: wire.SessionOut, *, token: str) -> wire.OpenedOut:
    return wire.OpenedOut(**dict(session), token=token)


def _answer(shape: wire.Shape, *, status: int = 200) -> Response:
    body: dict[str, Any] = shape.model_dump(mode="json")
    return Response(body, status=status)
