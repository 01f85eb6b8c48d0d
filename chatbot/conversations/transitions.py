"""The one way a conversation changes its owner: a conditional UPDATE that only one caller wins."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatbot.conversations import selectors, timers
from chatbot.conversations.access import UnknownSession
from chatbot.conversations.audience import audience
from chatbot.conversations.authors import Author
from chatbot.conversations.models import Conversation
from chatbot.conversations.states import TRANSITIONS, State
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.kernel.errors import ApplicationError, Conflict
from chatplatform.kernel.visibility import keep_visible, visible

_TRUTHS: dict[str, str | Promise] = {
    State.AI_ACTIVE: _("The AI assistant has this conversation."),
    State.QUEUED: _("This customer is waiting for a person."),
    State.ACTIVE: _("%(agent)s has this conversation."),
    State.RESOLVED: _("This conversation is closed."),
}


class StateConflict(Conflict):
    """The conversation is not where the caller thinks; the problem's `session` says where it is."""

    code = "state_conflict"

    def __init__(self, conversation: Conversation) -> None:
        now = selectors.conversations().get(pk=conversation.pk)
        self.state = State(now.state)
        self.agent_id: int | None = now.agent_id
        detail = str(_TRUTHS[self.state]) % {"agent": now.agent.public_name if now.agent else ""}
        truth = selectors.listed_session(now).model_dump(mode="json", exclude={"position"})
        super().__init__(detail, session=truth)


@dataclass(frozen=True)
class Change:
    """A transition that was made: its name, who made it, the state and the audience before."""

    conversation: Conversation
    name: str
    actor: Author
    previous: State
    heard_before: list[str]


def move(
    conversation: Conversation,
    name: str,
    *,
    actor: Author,
    held_by: User | None = None,
    seen_by: User | None = None,
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> Change:
    """Make the named transition and set `changes` with it, inside the caller's transaction.

    Succeeds only from the state and version that `conversation` was read with, and, with
    `held_by`, only if that agent has it; StateConflict otherwise. With `seen_by`, only while that
    agent may see it, before and after; UnknownSession or LeftScope otherwise. Timers and the audit
    line go along; `conversation` is brought up to date. The caller publishes (announcements.py).
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a transition and its event commit together")
    sources, target = TRANSITIONS[name]
    row = Conversation.objects.filter(
        pk=conversation.pk, version=conversation.version, state__in=sources
    )
    if held_by is not None:
        row = row.filter(agent=held_by)
    if seen_by is not None:
        row = visible(row, seen_by)
    if not row.update(state=target, version=F("version") + 1, **changes):
        raise too_late(conversation, seen_by)
    if seen_by is not None:
        keep_visible(conversation, seen_by)
    change = Change(conversation, name, actor, State(conversation.state), audience(conversation))
    for field, value in {"state": target, "version": conversation.version + 1, **changes}.items():
        setattr(conversation, field, value)
    timers.wind(conversation)
    _record(change, details or {})
    return change


def too_late(conversation: Conversation, seen_by: User | None) -> ApplicationError:
    """What a change meets that lost: the truth, unless it is no longer for the writer's eyes."""
    same = Conversation.objects.filter(pk=conversation.pk)
    if seen_by is not None and not visible(same, seen_by).exists():
        return UnknownSession()
    return StateConflict(conversation)


def _record(change: Change, details: dict[str, Any]) -> None:
    conversation = change.conversation
    audit.record(
        tenant=conversation.tenant,
        actor=change.actor.actor,
        action=f"conversation.{change.name}",
        target=conversation,
        data={"from": change.previous, "to": conversation.state, "version": conversation.version}
        | details,
    )
