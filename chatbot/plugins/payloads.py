"""What plugins are told: plain values, never rows, and no text before moderation has hidden what
must not be kept."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SessionStarted:
    """A customer opened a session. `customer` is her key, the same in all her sessions."""

    tenant: str
    session_name: str
    customer: int
    language: str
    at: datetime


@dataclass(frozen=True)
class MessagePosted:
    """The customer said something."""

    tenant: str
    session_name: str
    message: int
    customer: int
    text: str
    language: str
    at: datetime


@dataclass(frozen=True)
class ReplyGiven:
    """The AI or an agent said something: `by` is "ai" or "agent".

    `outcome` is what the AI made of the question ("answered", "unknown", ...), "" for agents;
    `sources` are the addresses of the articles that its answer stands on.
    """

    tenant: str
    session_name: str
    message: int
    customer: int
    by: str
    text: str
    language: str
    outcome: str
    sources: tuple[str, ...]
    at: datetime


Payload = SessionStarted | MessagePosted | ReplyGiven
HOOKS: dict[type[Payload], str] = {
    SessionStarted: "on_session_start",
    MessagePosted: "on_message",
    ReplyGiven: "on_reply",
}
