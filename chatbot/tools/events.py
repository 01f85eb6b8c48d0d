from datetime import datetime
from typing import ClassVar, Literal

from chatbot.conversations.wire import Shape
from realtime.events import Event

Risk = Literal["read", "write", "money"]
Status = Literal[
    "awaiting_confirmation",
    "awaiting_approval",
    "queued",
    "running",
    "ok",
    "failed",
    "refused",
    "bad_arguments",
    "declined",
    "rejected",
    "expired",
    "uncertain",
]


class ToolCallOut(Shape):
    """A call as everybody in the conversation may know it; agents fetch the details."""

    id: int
    tool: str
    title: str
    risk: Risk
    status: Status
    expires_at: datetime | None


class ToolCallChange(Event):
    """A tool was used, or what became of a call has changed."""

    type: ClassVar[str] = "tool_call_change"

    session_name: str
    call: ToolCallOut
