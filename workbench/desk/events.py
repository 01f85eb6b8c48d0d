"""What the desk itself tells an agent's own tabs, on `sse:agent:{id}`."""

from typing import ClassVar

from realtime.events import Event


class ConversationRead(Event):
    """The agent has read a conversation up to a message, in this tab or another."""

    type: ClassVar[str] = "conversation_read"

    session_name: str
    last_message_id: int
