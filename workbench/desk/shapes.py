"""What the agents' API answers beyond the conversations' own vocabulary."""

from datetime import datetime
from typing import Any

from chatbot.conversations.wire import SessionOut, Shape
from chatbot.tools.events import ToolCallOut
from chatbot.tools.models import ToolCall
from chatbot.tools.telling.announcements import call_out


class SessionsOut(Shape):
    """One page of sessions; `next` and `previous` are addresses, None at the ends."""

    results: list[SessionOut]
    next: str | None
    previous: str | None


class ToolCallDetails(ToolCallOut):
    """A call as agents see it. `arguments`, `result` and `error` are masked; `decided_by` is an
    agent's name, or "" where the customer or nobody decided."""

    arguments: dict[str, Any]
    result: str
    error: str
    latency_ms: int | None
    attempts: int
    reason: str
    decided_by: str
    decided_at: datetime | None
    created_at: datetime
    finished_at: datetime | None


class ToolCallsOut(Shape):
    """The calls of a conversation, in order."""

    results: list[ToolCallDetails]


def call_details(call: ToolCall) -> ToolCallDetails:
    """A call of `tools.selectors.calls`, as it goes out."""
    return ToolCallDetails(
        **dict(call_out(call)),
        arguments=call.arguments,
        result=call.result,
        error=call.error,
        latency_ms=call.latency_ms,
        attempts=call.attempts,
        reason=call.reason,
        decided_by=call.decided_by.public_name if call.decided_by else "",
        decided_at=call.decided_at,
        created_at=call.created_at,
        finished_at=call.finished_at,
    )
