from typing import ClassVar, Literal

from realtime.events import Event


class ModerationAlert(Event):
    """Somebody said a word that supervisors want to know of; `message_id` is null if it was
    refused. On the own channel of everyone who may review it."""

    type: ClassVar[str] = "moderation_alert"

    session_name: str
    message_id: int | None
    speaker: Literal["customer", "agent", "ai"]
    category: str
    excerpt: str
