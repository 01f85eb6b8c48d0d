"""What was said before a question, oldest first, as far back as it matters."""

from dataclasses import dataclass

from chatbot.assistant.answerer import Outcome
from chatbot.assistant.models import Run
from chatbot.conversations.models import AuthorKind, Conversation, Message

MOST = 200
# What was said before the conversation was closed is another matter.
_BEGINS_ANEW = ("closed", "closed_idle")
_TOOLS = "tool_"
QUOTED = "quoted"
_SPEAKERS = (AuthorKind.CUSTOMER, AuthorKind.AI, AuthorKind.AGENT)


@dataclass(frozen=True)
class Turn:
    """One utterance; `speaker` is an AuthorKind's value, or QUOTED where the AI passed on what an
    article or a tool says."""

    message: int
    speaker: str
    text: str


@dataclass(frozen=True)
class History:
    """`since` is the message that ended an earlier matter, 0 if none did."""

    turns: tuple[Turn, ...] = ()
    since: int = 0


def history_of(conversation: Conversation, run: int | None) -> History:
    """What came before the question of `run` (None: all). Two queries, in the tenant's scope."""
    messages = Message.objects.filter(conversation=conversation)
    if run is not None:
        messages = messages.filter(pk__lt=Run.objects.values("trigger").get(pk=run)["trigger"])
    turns: list[Turn] = []
    for message in messages.order_by("-pk")[:MOST]:
        if message.code in _BEGINS_ANEW:
            return History(tuple(turns[::-1]), since=message.pk)
        if message.author_kind in _SPEAKERS and message.text:
            speaker = QUOTED if _quotes(message) else message.author_kind
            turns.append(Turn(message.pk, speaker, message.text))
        elif message.code.startswith(_TOOLS):  # what came of what the AI wanted to do
            turns.append(Turn(message.pk, QUOTED, message.text))
    return History(tuple(turns[::-1]))


def _quotes(message: Message) -> bool:
    """Whether the AI's message holds others' words: a passage as it stands, or a tool's result."""
    if message.author_kind != AuthorKind.AI or message.data.get("outcome") != Outcome.ANSWERED:
        return False
    sources = message.data.get("sources") or []
    return not sources or any(source.get("quote") == message.text for source in sources)
