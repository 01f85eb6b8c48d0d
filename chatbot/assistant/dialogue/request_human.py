"""The one function that is ours and not a tool's: the model asks for a person in a field of its
own, never in the text."""

import json
from typing import Any

from chatbot.assistant.answerer import Answer, Outcome, Trigger
from chatbot.assistant.providers.parts import ToolCall

NAME = "request_human"
LONGEST_NOTE = 1_000

DEFINITION: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": NAME,
        "description": (
            "Hand the customer over to a person. Call it when the customer asks for one, is very "
            "upset, or when you can't help. It ends your part of the conversation."
        ),
        "parameters": {
            "type": "object",
            "properties": {
                "reason": {"type": "string", "description": "Why a person is needed."},
                "summary": {
                    "type": "string",
                    "description": "What the customer wants and what is known so far.",
                },
            },
            "required": ["reason", "summary"],
        },
    },
}


def transfer(call: ToolCall) -> Answer:
    """The transfer that was asked for; also where the reasons can't be read."""
    try:
        given = json.loads(call.arguments)
    except ValueError:
        given = {}
    told = [given.get(name) for name in ("reason", "summary")] if isinstance(given, dict) else []
    note = "\n".join(text.strip() for text in told if isinstance(text, str) and text.strip())
    return Answer("", Outcome.HANDOFF_REQUESTED, trigger=Trigger.MODEL, note=note[:LONGEST_NOTE])
