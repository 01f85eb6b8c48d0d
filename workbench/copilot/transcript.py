"""A conversation as a model reads it: a JSON object a line, so that no message poses as another."""

import json
from collections.abc import Iterable

from chatbot.assistant.embedded import phrases
from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.conversations.selectors import messages_of

LONGEST = 12_000  # characters of conversation that a model is given: the newest messages win
LONGEST_MESSAGE = 2_000  # of one message: a pasted log must not push out what was said around it
MOST = 200  # messages looked at

_CUT = " […]"


def spoken(conversation: Conversation) -> list[Message]:
    """The last things said by anyone but the system, in order."""
    said = messages_of(conversation).exclude(author_kind=AuthorKind.SYSTEM)
    return list(said.order_by("-pk")[:MOST])[::-1]


def transcript(messages: Iterable[Message]) -> str:
    """The newest messages that fit, in order: {"from": "customer|ai|agent", "text"} a line."""
    lines: list[str] = []
    left = LONGEST
    for message in reversed(list(messages)):
        line = json.dumps(
            {"from": message.author_kind, "text": shortened(message.text)}, ensure_ascii=False
        )
        left -= len(line)
        if left < 0:
            break
        lines.append(line)
    return "\n".join(reversed(lines))


def last_question(messages: Iterable[Message]) -> str:
    """What the customer asked last, small talk and the wish for a person left out; or ""."""
    asked = [m.text for m in messages if m.author_kind == AuthorKind.CUSTOMER]
    return next((text for text in reversed(asked) if phrases.recognise(text) is None), "")


def last_words(messages: Iterable[Message]) -> str:
    """What the customer wrote last, whatever it is; "" if nothing."""
    said = [m.text for m in messages if m.author_kind == AuthorKind.CUSTOMER]
    return said[-1] if said else ""


def shortened(text: str) -> str:
    """The text, its end cut off if it is very long."""
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + _CUT
