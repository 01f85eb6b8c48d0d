"""The right pane: one conversation, read and laid out for the agent who looks at it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from chatbot.assistant.briefs.selectors import brief_of
from chatbot.assistant.models import HandoffBrief
from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.conversations.selectors import messages_of
from chatbot.conversations.states import State
from chatbot.tools.models import ToolCall
from chatbot.tools.selectors import approvals_for, calls_of
from chatplatform.accounts.models import User
from workbench.desk.selectors import history_of
from workbench.desk.system_lines import step_title, step_who

PAGE = 60  # messages on opening: a few screens
TAIL = 200  # new messages in one answer; the next request brings the rest
GROUP = timedelta(minutes=5)  # one voice within this time reads as one block


@dataclass(frozen=True)
class Source:
    """The passage an answer of the AI stands on."""

    title: str
    quote: str
    url: str


@dataclass(frozen=True)
class Step:
    """One line of the history."""

    title: str
    who: str
    at: datetime
    status: str


@dataclass(frozen=True)
class Line:
    """A message, whether it opens a block of its author's, and the calls of tools before it."""

    message: Message
    opens: bool
    calls: tuple[ToolCall, ...] = ()

    @property
    def sources(self) -> list[Source]:
        return [_source(source) for source in self._data("sources") if isinstance(source, dict)]

    @property
    def suggestions(self) -> list[str]:
        """What the AI offered the customer to say next."""
        return [offered for offered in self._data("suggestions") if isinstance(offered, str)]

    def _data(self, key: str) -> list[Any]:
        found = self.message.data.get(key)
        return found if isinstance(found, list) else []


@dataclass(frozen=True)
class Thread:
    """A conversation as `user` sees it."""

    conversation: Conversation
    user: User

    @property
    def is_mine(self) -> bool:
        conversation = self.conversation
        return conversation.state == State.ACTIVE and conversation.agent_id == self.user.pk

    @property
    def mode(self) -> str:
        """What the foot of the thread is for: reply, accept, ai, colleague or closed."""
        if self.is_mine:
            return "reply"
        modes = {State.QUEUED: "accept", State.AI_ACTIVE: "ai", State.ACTIVE: "colleague"}
        return modes.get(State(self.conversation.state), "closed")

    @cached_property
    def brief(self) -> HandoffBrief | None:
        """What to know about a customer who waits or is served."""
        return brief_of(self.conversation)

    @cached_property
    def to_decide(self) -> set[int]:
        """The calls here that wait for this agent's approval."""
        waiting = approvals_for(self.user).filter(conversation=self.conversation)
        return set(waiting.values_list("pk", flat=True))

    @property
    def history(self) -> list[Step]:
        return [
            Step(step_title(entry), step_who(entry), entry.at, entry.data.get("to", "ai_active"))
            for entry in history_of(self.conversation)
        ]

    @cached_property
    def _latest(self) -> list[Message]:
        return list(messages_of(self.conversation).order_by("-pk")[: PAGE + 1])

    @property
    def lines(self) -> list[Line]:
        """The latest page."""
        return with_calls(self.conversation, laid_out(self._latest[:PAGE][::-1]))

    @property
    def latest_calls(self) -> list[ToolCall]:
        """Calls after the last message: an answer is being written."""
        last = self._latest[0].created_at if self._latest else self.conversation.created_at
        return [call for call in _reads(self.conversation) if call.created_at > last]

    @property
    def earlier_than(self) -> int | None:
        """The id before which there is more to read."""
        return self._latest[PAGE - 1].pk if len(self._latest) > PAGE else None


def lines_before(conversation: Conversation, before: int) -> tuple[list[Line], int | None]:
    """The page before a message, and the id before which there is still more."""
    older = list(messages_of(conversation).filter(pk__lt=before).order_by("-pk")[: PAGE + 1])
    lines = with_calls(conversation, laid_out(older[:PAGE][::-1]))
    return lines, older[PAGE - 1].pk if len(older) > PAGE else None


def lines_after(conversation: Conversation, after: int) -> list[Line]:
    """What was said after a message, continuing its block if it is the same voice."""
    last = messages_of(conversation).filter(pk=after).first()
    lines = laid_out(list(messages_of(conversation, after)[:TAIL]), last)
    return with_calls(conversation, lines, reads=False)  # those came by an event of their own


def laid_out(messages: list[Message], previous: Message | None = None) -> list[Line]:
    """The messages as lines; `previous` is what stands above the first."""
    above = [previous, *messages]
    return [
        Line(message, opens=before is None or not _continues(before, message))
        for before, message in zip(above, messages, strict=False)
    ]


def with_calls(conversation: Conversation, lines: list[Line], *, reads: bool = True) -> list[Line]:
    """Each line with the calls that its message asks about, or that ran before it. One query."""
    if not lines or not (reads or any(_asks(line.message) for line in lines)):
        return lines
    calls = list(calls_of(conversation).filter(created_at__gte=_begin(lines)))
    return [replace(line, calls=tuple(_calls_of(line, lines, calls, reads))) for line in lines]


def _calls_of(
    line: Line, lines: list[Line], calls: list[ToolCall], reads: bool
) -> Iterator[ToolCall]:
    place = lines.index(line)
    since = lines[place - 1].message.created_at if place else _begin(lines)
    for call in calls:
        asked = _asks(line.message) and call.pk == line.message.data.get("call")
        ran_before = since < call.created_at <= line.message.created_at
        if asked or (reads and ran_before and not call.expires_at):
            yield call


def _asks(message: Message) -> bool:
    return message.code in ("tool_confirmation", "tool_approval")


def _begin(lines: list[Line]) -> datetime:
    """A call is written down a moment before the message that asks about it."""
    return lines[0].message.created_at - timedelta(seconds=30)


def _reads(conversation: Conversation) -> QuerySet[ToolCall]:
    return calls_of(conversation).filter(expires_at=None)


def _continues(before: Message, message: Message) -> bool:
    same_voice = (before.author_kind, before.author_user_id) == (
        message.author_kind,
        message.author_user_id,
    )
    soon = message.created_at - before.created_at < GROUP
    return same_voice and soon and message.author_kind != AuthorKind.SYSTEM


def _source(source: dict[str, Any]) -> Source:
    title, quote, url = (str(source.get(key) or "") for key in ("title", "quote", "url"))
    return Source(title or url, quote, url)
