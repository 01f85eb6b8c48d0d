"""What answers a customer: one interface, whatever stands behind it."""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import Conversation
from chatplatform.tenants.models import Tenant


class Outcome(TextChoices):
    """What became of a question; stored with the answer and read by the screens."""

    ANSWERED = "answered", _("answered")
    UNSURE = "unsure", _("offered topics")
    UNKNOWN = "unknown", _("knew nothing, offered a person")
    GREETING = "greeting", _("hello, thanks or goodbye")
    HANDOFF_REQUESTED = "handoff_requested", _("fetched a person")
    HANDOFF_OFFERED = "handoff_offered", _("failed, offered a person")


class Trigger(TextChoices):
    """Why the assistant hands a customer over to a person."""

    ASKED = "asked", _("the customer asked for a person")
    MODEL = "model", _("the assistant decided to")
    UNSURE = "unsure", _("twice without an answer")
    FAILURE = "failure", _("the assistant failed")
    TIMEOUT = "timeout", _("the answer took too long")
    TURNS = "turns", _("the conversation went on for too long")
    TOPIC = "topic", _("a sensitive topic")
    MOOD = "mood", _("the customer is upset")
    APPROVAL = "approval", _("an action needs a person")


@dataclass(frozen=True)
class Question:
    """A customer's message. `language` is the conversation's; the text may be in another.

    `run` is the id of the Run that asks; `conversation` is what it is part of (its tenant and
    customer are loaded). Not `metered`: the tenant's plan allows no more answers this month, so
    the embedded answerer gives one that is not counted.
    """

    tenant: Tenant
    session_name: str
    text: str
    language: str
    metered: bool = True
    run: int | None = None
    conversation: Conversation | None = None


@dataclass(frozen=True)
class Source:
    """The passage an answer stands on: `quote` is its text, `url` opens its article."""

    article_id: int
    title: str
    heading: str
    quote: str
    url: str
    passage_id: int
    content_hash: str


@dataclass(frozen=True)
class Delta:
    """A piece of the answer's text, as soon as it is known. `anew`: what came before is void."""

    text: str
    anew: bool = False


@dataclass(frozen=True)
class Answer:
    """The whole answer; `suggestions` are what the customer may say next, word for word.

    With HANDOFF_REQUESTED, `trigger` says why and `note` what the person should know, in the
    assistant's words; the customer reads the transfer's own notice. `asks` is what a tool still
    needs to know: {"tool","argument","known"}.
    """

    text: str
    outcome: Outcome
    sources: tuple[Source, ...] = ()
    suggestions: tuple[str, ...] = ()
    trigger: Trigger | None = None
    note: str = ""
    asks: dict[str, Any] | None = None

    def data(self) -> dict[str, Any]:
        """What the message carries beside its text: {"sources","suggestions","outcome"}, perhaps
        "asks"."""
        return {
            "sources": [asdict(source) for source in self.sources],
            "suggestions": list(self.suggestions),
            "outcome": self.outcome.value,
            **({"asks": self.asks} if self.asks else {}),
        }


class Answerer(Protocol):
    """Answers one question at a time, any number of them at once."""

    def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        """Deltas if it has them early, then exactly one Answer. May raise: the run is tried again.

        An Answer with HANDOFF_REQUESTED needs no text: the transfer speaks for itself.
        """
        ...
