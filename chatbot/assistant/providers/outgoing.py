"""What leaves for a provider: personal data masked, templates' marks disarmed, ours taken off."""

from collections.abc import Sequence
from typing import Any

from chatbot.assistant.providers.control_marks import disarmed, disarmed_all
from chatbot.assistant.providers.request import Message
from chatbot.moderation.personal_data import mask

# Marks a message in which everything that needs it has been masked: articles keep their numbers.
AS_IT_IS = "as_it_is"


def outgoing(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as they may leave. The system's own words stay as they are."""
    return [_outgoing(message) for message in messages]


def _outgoing(message: Message) -> dict[str, Any]:
    plain = {name: value for name, value in message.items() if name != AS_IT_IS}
    if message.get("role") == "system":
        return plain
    if isinstance(plain.get("content"), str):
        text = plain["content"] if message.get(AS_IT_IS) else mask(plain["content"])
        plain["content"] = disarmed(text)
    return {**plain, **_calls(plain)}


def outgoing_tools(tools: Sequence[Message]) -> list[dict[str, Any]]:
    """Their definitions: servers of others wrote them."""
    return disarmed_all(tools)


def _calls(message: dict[str, Any]) -> dict[str, Any]:
    """The arguments of tools that the model called before; ids and names are not anyone's."""
    calls = message.get("tool_calls")
    if not calls:
        return {}

    def outgoing_call(call: dict[str, Any]) -> dict[str, Any]:
        function = call["function"]
        return {
            **call,
            "function": {**function, "arguments": disarmed(mask(function["arguments"]))},
        }

    return {"tool_calls": [outgoing_call(call) for call in calls]}
