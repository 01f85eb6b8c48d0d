"""A session's beginning and end."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatbot.conversations import authors, moderation, timers
from chatbot.conversations.announcements import announce_change, announce_session
from chatbot.conversations.authors import Author
from chatbot.conversations.models import AuthorKind, Conversation, Customer, Message
from chatbot.conversations.runtime_settings import ConversationSettings
from chatbot.conversations.services.notices import add_notice
from chatbot.conversations.states import State
from chatbot.conversations.transitions import Change, StateConflict, move
from chatbot.moderation.screening import Speaker, screen
from chatplatform.audit import services as audit
from chatplatform.configuration.selectors import current
from chatplatform.dictionaries.models import DictionaryItem
from chatplatform.dictionaries.seeds import CLOSE_REASON
from chatplatform.dictionaries.selectors import choice
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.ids import hash_token, secret_token
from chatplatform.kernel.input_errors import field_error
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

# Sent inside the transaction with conversation=; what a receiver writes commits along.
session_opened = Signal()


@dataclass(frozen=True)
class OpenedSession:
    """`token` is the customer's secret, known only here; empty for one who holds hers already."""

    conversation: Conversation
    customer: Customer
    token: str


class SessionClosed(StateConflict):
    """Closed for good: the customer opens a new session."""

    code = "session_closed"
    title = _("This conversation was closed. Please start a new one.")
    hint = _("Open a new session.")


@transaction.atomic
def open_session(
    *,
    tenant: Tenant,
    name: str = "",
    email: str = "",
    language: str = "en",
    customer: Customer | None = None,
) -> OpenedSession:
    """Open a session in the tenant, for a new customer or for one who comes back.

    Of her name is kept what moderation does not hide.
    """
    with tenant_scope(tenant):
        screening = screen(tenant, name, Speaker.CUSTOMER)
        token = "" if customer else secret_token()
        customer = customer or Customer(tenant=tenant, token_hash=hash_token(token))
        customer.name, customer.email = screening.text or customer.name, email or customer.email
        customer.language = language
        customer.save()
        conversation: Conversation = Conversation.objects.create(
            tenant=tenant, customer=customer, language=language
        )
        timers.wind(conversation)
        author = authors.customer(customer)
        alerts = moderation.keep_findings(conversation, screening, author)
        audit.record(
            tenant=tenant, actor=author.actor, action="conversation.open", target=conversation
        )
        session_opened.send(Conversation, conversation=conversation)
        announce_session(conversation, author)
        moderation.announce_alerts(alerts)
    return OpenedSession(conversation, customer, token)


@transaction.atomic
def close_conversation(
    *, conversation: Conversation, actor: Author, reason: str = "", source: str = ""
) -> Conversation:
    """Close it for everyone; closing what is closed changes nothing.

    An agent closes only what she serves. `reason` is a value of the dictionary `close_reason` that
    can be chosen (InvalidInput otherwise). `source` overrides the events' source, which follows
    from the actor.
    """
    chosen = _chosen_reason(conversation, reason) if reason else None
    held_by = actor.user if actor.kind == AuthorKind.AGENT else None
    try:
        change = move(
            conversation,
            "close",
            actor=actor,
            held_by=held_by,
            details={"reason": reason} if reason else None,
            resolved_at=timezone.now(),
            close_reason=reason,
        )
    except StateConflict as conflict:
        if conflict.state != State.RESOLVED:
            raise
        return conversation
    # The labels as they were: readers of old threads need no dictionary, whatever became of it.
    why = {"reason": reason, "labels": chosen.labels} if chosen else {}
    announce_change(change, notice=add_notice(conversation, "closed", **why), source=source)
    return conversation


def _chosen_reason(conversation: Conversation, reason: str) -> DictionaryItem:
    chosen = choice(conversation.tenant, CLOSE_REASON, reason)
    if chosen is None:
        raise InvalidInput(errors=[field_error("reason", "not_a_choice")])
    return chosen


def reopen(conversation: Conversation, *, actor: Author) -> tuple[Change, Message]:
    """Back to the AI because the customer wrote again; SessionClosed if too long after its end.

    Works inside the caller's transaction and leaves the announcement to it.
    """
    closed_at = conversation.resolved_at
    hours = current(ConversationSettings, conversation.tenant).reopening_hours
    if closed_at is None or timezone.now() - closed_at > timedelta(hours=hours):
        raise SessionClosed(conversation)
    change = move(
        conversation, "reopen", actor=actor, agent=None, resolved_at=None, close_reason=""
    )
    return change, add_notice(conversation, "reopened")
