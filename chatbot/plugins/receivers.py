from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.conversations.services import message_posted, session_opened
from chatbot.plugins import dispatch
from chatbot.plugins.payloads import MessagePosted, Payload, ReplyGiven, SessionStarted


@receiver(session_opened)
def tell_session(conversation: Conversation, **kwargs: Any) -> None:
    _after_commit(partial(_session, conversation))


@receiver(message_posted)
def tell_message(message: Message, conversation: Conversation, **kwargs: Any) -> None:
    if message.author_kind == AuthorKind.CUSTOMER:
        _after_commit(partial(_message, message, conversation))
    elif message.author_kind in (AuthorKind.AI, AuthorKind.AGENT):
        _after_commit(partial(_reply, message, conversation))


def _after_commit(payload: Callable[[], Payload]) -> None:
    if dispatch.are_there():
        transaction.on_commit(lambda: dispatch.tell(payload()), robust=True)


def _session(conversation: Conversation) -> SessionStarted:
    return SessionStarted(
        tenant=conversation.tenant.slug,
        session_name=conversation.name,
        customer=conversation.customer_id,
        language=conversation.language,
        at=conversation.created_at,
    )


def _message(message: Message, conversation: Conversation) -> MessagePosted:
    return MessagePosted(
        tenant=conversation.tenant.slug,
        session_name=conversation.name,
        message=message.pk,
        customer=conversation.customer_id,
        text=message.text,
        language=conversation.language,
        at=message.created_at,
    )


def _reply(message: Message, conversation: Conversation) -> ReplyGiven:
    sources = message.data.get("sources") or []
    return ReplyGiven(
        tenant=conversation.tenant.slug,
        session_name=conversation.name,
        message=message.pk,
        customer=conversation.customer_id,
        by=str(message.author_kind),
        text=message.text,
        language=conversation.language,
        outcome=str(message.data.get("outcome", "")),
        sources=tuple(str(source.get("url", "")) for source in sources),
        at=message.created_at,
    )
