"""The middle pane: which conversations an address asks for, and how an empty list speaks."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from chatbot.conversations.models import Conversation
from chatbot.conversations.selectors import conversations_for
from chatbot.conversations.states import State
from chatbot.tools.selectors import APPROVE
from chatplatform.accounts.models import User
from workbench.desk import selectors

PAGE = 30  # rows: two screens of them
LONGEST = 300  # rows in one list; beyond that, search
WORDS = 80  # characters of a search


@dataclass(frozen=True)
class View:
    """One of the ways to look at the conversations, for who has the `permission` besides."""

    key: str
    title: StrOrPromise
    empty_title: StrOrPromise
    empty_advice: StrOrPromise
    permission: str = ""


VIEWS = {
    view.key: view
    for view in (
        View(
            "queue",
            _("Queue"),
            _("Nobody is waiting"),
            _("Customers who ask for a person appear here at once."),
        ),
        View(
            "mine",
            _("My conversations"),
            _("You serve nobody right now"),
            _("Accept a customer from the queue, and the conversation is yours."),
        ),
        View(
            "all",
            _("All conversations"),
            _("No conversations here"),
            _("They appear as soon as a customer writes on your site."),
        ),
        View(
            "approvals",
            _("To approve"),
            _("Nothing waits for approval"),
            _("What the AI may not do alone appears here at once."),
            APPROVE,
        ),
    )
}


@dataclass(frozen=True)
class Filter:
    key: str
    title: StrOrPromise


@dataclass(frozen=True)
class Inbox:
    """What the agent looks at; everything about it stands in the address."""

    user: User
    view: str = "queue"
    status: str = ""
    words: str = ""
    limit: int = PAGE

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Filter("", _("All")),
        *(Filter(value, label) for value, label in State.choices),
    )

    @classmethod
    def asked_for(cls, user: User, query: QueryDict) -> "Inbox":
        """The inbox an address names; what it names wrongly is left out."""
        view = query.get("view", "queue")
        status = query.get("status", "")
        return cls(
            user=user,
            view=view if view in VIEWS else "queue",
            status=status if view == "all" and status in State.values else "",
            words=query.get("q", "").replace("\0", "").strip()[:WORDS],
            limit=_bounded(query.get("limit", "")),
        )

    @property
    def title(self) -> StrOrPromise:
        return VIEWS[self.view].title

    @property
    def filters(self) -> tuple[Filter, ...]:
        return self.FILTERS if self.view == "all" else ()

    @property
    def address(self) -> str:
        """The query string that leads back here."""
        asked = {"view": self.view, "status": self.status, "q": self.words}
        return urlencode({key: value for key, value in asked.items() if value})

    @cached_property
    def _found(self) -> list[selectors.Row]:
        found = selectors.named_like(self._conversations(), self.words)
        return selectors.rows(found, self.user, limit=self.limit + 1)

    @property
    def rows(self) -> list[selectors.Row]:
        return self._found[: self.limit]

    @property
    def next_limit(self) -> int:
        """How many rows to ask for to see more; 0 if these are all, or as many as a list holds."""
        grows = len(self._found) > self.limit and self.limit < LONGEST
        return min(self.limit + PAGE, LONGEST) if grows else 0

    @property
    def empty_title(self) -> StrOrPromise:
        return _("Nothing found") if self.words else VIEWS[self.view].empty_title

    @property
    def empty_advice(self) -> StrOrPromise:
        if self.words:
            return _("Try a part of the name or of the e-mail address.")
        return VIEWS[self.view].empty_advice

    def _conversations(self) -> QuerySet[Conversation]:
        if self.view == "queue":
            return selectors.queue_of(self.user)
        if self.view == "mine":
            return selectors.mine_of(self.user)
        if self.view == "approvals":
            return selectors.approvals_of(self.user)
        return conversations_for(self.user, status=self.status or None)


def _bounded(limit: str) -> int:
    return min(max(int(limit), PAGE), LONGEST) if limit.isascii() and limit.isdigit() else PAGE
