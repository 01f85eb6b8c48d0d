"""What leaves for a provider: personal data masked, our own marks taken off."""

from collections.abc import Sequence
from typing import Any

from chatbot.assistant.providers.request import Message
from chatbot.moderation.personal_data import mask

# Marks a message in which everything that needs it has been masked: articles keep their numbers.
AS_IT_IS = "as_it_is"


def outgoing(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as they may leave. The system's own words stay as they are."""
    return [_outgoing(message) for message in messages]


def _outgoing(message: Message) -> dict[str, Any]:
    plain = {name: value for name, value in message.items() if name != AS_IT_IS}
    if message.get(AS_IT_IS) or message.get("role") == "system":
        return plain
    if isinstance(plain.get("content"), str):
        plain["content"] = mask(plain["content"])
    return {**plain, **_calls(plain)}


def _calls(message: dict[str, Any]) -> dict[str, Any]:
    """The arguments of tools that the model called before; ids and names are not anyone's."""
    calls = message.get("tool_calls")
    if not calls:
        return {}

    def outgoing_call(call: dict[str, Any]) -> dict[str, Any]:
        function = call["function"]
        return {**call, "function": {**function, "arguments": mask(function["arguments"])}}

    return {"tool_calls": [outgoing_call(call) for call in calls]}
