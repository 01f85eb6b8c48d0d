"""What answers a customer: one interface, whatever stands behind it."""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chatplatform.tenants.models import Tenant


class Outcome(TextChoices):
    """What became of a question; stored with the answer and read by the screens."""

    ANSWERED = "answered", _("answered")
    UNSURE = "unsure", _("offered topics")
    UNKNOWN = "unknown", _("knew nothing, offered a person")
    GREETING = "greeting", _("hello, thanks or goodbye")
    HANDOFF_REQUESTED = "handoff_requested", _("fetched a person")
    HANDOFF_OFFERED = "handoff_offered", _("failed, offered a person")


@dataclass(frozen=True)
class Question:
    """A customer's message. `language` is the conversation's; the text may be in another.

    Not `metered`: the tenant's plan allows no more answers this month, so the embedded answerer
    gives one that is not counted.
    """

    tenant: Tenant
    session_name: str
    text: str
    language: str
    metered: bool = True


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
    """A piece of the answer's text, as soon as it is known."""

    text: str


@dataclass(frozen=True)
class Answer:
    """The whole answer; `suggestions` are what the customer may say next, word for word."""

    text: str
    outcome: Outcome
    sources: tuple[Source, ...] = ()
    suggestions: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """What the message carries beside its text: {"sources","suggestions","outcome"}."""
        return {
            "sources": [asdict(source) for source in self.sources],
            "suggestions": list(self.suggestions),
            "outcome": self.outcome.value,
        }


class Answerer(Protocol):
    """Answers one question at a time, any number of them at once."""

    def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        """Deltas if it has them early, then exactly one Answer. May raise: the run is tried again.

        An Answer with HANDOFF_REQUESTED needs no text: the transfer speaks for itself.
        """
        ...
