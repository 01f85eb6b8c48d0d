"""The server's own messages, written inside a service's transaction."""

from typing import Any

from chatbot.conversations import notices
from chatbot.conversations.models import AuthorKind, Conversation, Message


def add_notice(conversation: Conversation, code: str, **data: Any) -> Message:
    """Write the notice in the customer's language; the caller announces it with its change."""
    text = notices.notice_text_in(conversation.language, code, data)
    notice: Message = Message.objects.create(
        tenant=conversation.tenant,
        conversation=conversation,
        author_kind=AuthorKind.SYSTEM,
        text=text,
        code=code,
        data=data,
    )
    return notice
