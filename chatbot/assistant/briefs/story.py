"""A conversation as a brief is made from it: read once, inside the transfer's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chatbot.assistant.embedded import phrases
from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.tools.models import ToolCall

READ = 60  # messages; the latest count
CALLS = 4  # of tools


@dataclass(frozen=True)
class Exchange:
    """A customer's message and what the AI said to it, if it said anything."""

    question: Message
    answer: Message | None = None

    @property
    def outcome(self) -> str:
        return str(self.answer.data.get("outcome", "")) if self.answer else ""


@dataclass(frozen=True)
class Story:
    """The latest messages and calls of tools, in order."""

    conversation: Conversation
    messages: Sequence[Message]
    calls: Sequence[ToolCall] = ()

    @cached_property
    def said(self) -> list[str]:
        """The customer's own words, in order."""
        return [each.text for each in self.messages if each.author_kind == AuthorKind.CUSTOMER]

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """Her questions, without hello and the wish for a person, each with its answer."""
        found: list[Exchange] = []
        for message in self.messages:
            if message.author_kind == AuthorKind.CUSTOMER:
                found.append(Exchange(message))
            elif message.author_kind == AuthorKind.AI and found and not found[-1].answer:
                found[-1] = Exchange(found[-1].question, message)
        return [each for each in found if phrases.recognise(each.question.text) is None]


def story_of(conversation: Conversation) -> Story:
    """Two queries, however long the conversation."""
    latest = Message.objects.filter(conversation=conversation).order_by("-pk")[:READ]
    calls = ToolCall.objects.filter(conversation=conversation).order_by("-pk")[:CALLS]
    return Story(conversation, list(latest)[::-1], list(calls)[::-1])
