"""The one vocabulary of this room's answers and events: what a session and a message look like."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from chatbot.conversations.states import State

if TYPE_CHECKING:
    from chatbot.conversations.models import Conversation, Message
    from chatplatform.tenants.models import Department

AuthorName = Literal["customer", "ai", "agent", "system"]
Status = Literal["ai_active", "queued", "active", "resolved"]


class Shape(BaseModel):
    """Base of everything that goes out: frozen, and never more than it documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AuthorOut(Shape):
    kind: AuthorName
    name: str


class AgentOut(Shape):
    id: int
    name: str


class DepartmentOut(Shape):
    code: str
    name: str


class CustomerOut(Shape):
    name: str


class MessageOut(Shape):
    """One message. A system message has a `code` and its parameters in `data`."""

    id: int
    author: AuthorOut
    text: str
    code: str
    data: dict[str, Any]
    client_id: str
    created_at: datetime


class SessionOut(Shape):
    """A session as it is now.

    `agent` serves it while active and did last once resolved; `queue_position` counts from 1 while
    queued; `department` is for whom it is; `version` rises with every change of status; `position`
    is where to open a stream from. `close_reason` is a value of that dictionary, or "".
    """

    session_name: str
    status: Status
    agent: AgentOut | None
    department: DepartmentOut | None
    queue_position: int | None
    version: int
    customer: CustomerOut
    language: str
    transfer_reason: str
    close_reason: str
    queued_at: datetime | None
    created_at: datetime
    last_message_at: datetime
    position: str | None = None


class OpenedOut(SessionOut):
    """A session just opened; `token` opens it and every other session of this customer."""

    token: str


class MessagesOut(Shape):
    """Messages in order; `more` says that further ones follow the last."""

    results: list[MessageOut]
    more: bool
    position: str


def message_out(message: "Message") -> MessageOut:
    return MessageOut.model_validate(message_fields(message))


def message_fields(message: "Message") -> dict[str, Any]:
    """The fields of MessageOut, for it and for the event that carries the same."""
    return {
        "id": message.pk,
        "author": AuthorOut.model_validate(
            {"kind": message.author_kind, "name": message.author_name}
        ),
        "text": message.text,
        "code": message.code,
        "data": message.data,
        "client_id": message.client_id,
        "created_at": message.created_at,
    }


def agent_out(conversation: "Conversation") -> AgentOut | None:
    agent = conversation.agent
    return AgentOut(id=agent.pk, name=agent.public_name) if agent else None


def department_out(department: "Department | None") -> DepartmentOut | None:
    return DepartmentOut(code=department.code, name=department.name) if department else None


def session_out(
    conversation: "Conversation", *, queue_position: int | None, position: str | None = None
) -> SessionOut:
    return SessionOut(
        session_name=conversation.name,
        status=State(conversation.state).value,
        agent=agent_out(conversation),
        department=department_out(conversation.department),
        queue_position=queue_position,
        version=conversation.version,
        customer=CustomerOut(name=conversation.customer.name),
        language=conversation.language,
        transfer_reason=conversation.transfer_reason,
        close_reason=conversation.close_reason,
        queued_at=conversation.queued_at,
        created_at=conversation.created_at,
        last_message_at=conversation.last_message_at,
        position=position,
    )
