"""What is told of a call: the event, and for what waits or was done a notice in the thread."""

from typing import Any

from django.dispatch import Signal

from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.announcements import announce_message
from chatbot.conversations.audience import audience
from chatbot.tools.events import ToolCallChange, ToolCallOut
from chatbot.tools.models import ToolCall
from realtime import publish

# Sent inside the transaction with call=: no agent approved in time, or nobody knows whether it was
# done.
person_needed = Signal()


def call_out(call: ToolCall) -> ToolCallOut:
    return ToolCallOut.model_validate(
        {
            "id": call.pk,
            "tool": call.tool_name,
            "title": call.title,
            "risk": call.risk,
            "status": call.status,
            "expires_at": call.expires_at if call.is_awaiting else None,
        }
    )


def announce_call(call: ToolCall) -> None:
    conversation = call.conversation
    event = ToolCallChange(session_name=conversation.name, call=call_out(call))
    source = authors.ai().source
    publish.event(event, to=audience(conversation), source=source, log=conversation.tenant.slug)


def tell(call: ToolCall, code: str, **data: Any) -> None:
    """Say it in the thread, in the customer's language, and to all who listen; the last of the
    transaction."""
    said = {"tool": call.title or call.tool_name, "call": call.pk, **data}
    notice = conversations.add_notice(call.conversation, code, **said)
    announce_message(notice, authors.system())
    announce_call(call)
