"""What happens in a conversation, as its listeners hear it. All go to `sse:session:{name}`."""

from datetime import datetime
from typing import ClassVar

from chatbot.conversations.wire import (
    AgentOut,
    AuthorOut,
    CustomerOut,
    DepartmentOut,
    MessageOut,
    Status,
)
from realtime.events import Event


class NewSession(Event):
    """A customer opened a session."""

    type: ClassVar[str] = "new_session"

    session_name: str
    customer: CustomerOut
    status: Status


class NewMessage(MessageOut, Event):
    """Somebody said something: the message as the API gives it, and in which session."""

    type: ClassVar[str] = "new_message"

    session_name: str


class StatusChange(Event):
    """The owner changed. `reason` is the name of the transition; `close_reason` a value of that
    dictionary, where one was given."""

    type: ClassVar[str] = "status_change"

    session_name: str
    status: Status
    previous: Status
    version: int
    agent: AgentOut | None
    queue_position: int | None
    reason: str
    close_reason: str


class DepartmentChange(Event):
    """It is for another department, or for none; those who could see it before hear it too."""

    type: ClassVar[str] = "department_change"

    session_name: str
    status: Status
    department: DepartmentOut | None
    previous: DepartmentOut | None


class TransferRequest(Event):
    """A customer asks for a person, or the assistant for her: `trigger` says why.

    `reason` is what was said about it, perhaps nothing.
    """

    type: ClassVar[str] = "transfer_request"

    session_name: str
    customer: CustomerOut
    reason: str
    trigger: str
    queue_position: int
    requested_at: datetime
    language: str


class QueueChange(Event):
    """Somebody ahead left the queue: whoever waits may ask for the new position."""

    type: ClassVar[str] = "queue_change"


class Typing(Event):
    """Somebody is typing right now; not kept, delivered at most once."""

    type: ClassVar[str] = "typing"
    durable: ClassVar[bool] = False

    session_name: str
    author: AuthorOut
