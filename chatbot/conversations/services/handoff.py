"""Between the AI, the queue and the agents."""

from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from chatbot.conversations import authors, moderation
from chatbot.conversations.announcements import announce_change, announce_transfer
from chatbot.conversations.authors import Author
from chatbot.conversations.models import Conversation
from chatbot.conversations.services.notices import add_notice
from chatbot.conversations.states import State
from chatbot.conversations.transitions import StateConflict, move
from chatplatform.accounts.models import User
from chatplatform.tenants.models import Department

# Sent inside the transaction with conversation=, trigger= and note=, once she waits; what a
# receiver writes commits along, before anybody hears of the transfer.
transfer_requested = Signal()


@transaction.atomic
def request_transfer(
    *,
    conversation: Conversation,
    actor: Author,
    reason: str = "",
    department: Department | None = None,
    trigger: str = "asked",
    note: str = "",
) -> bool:
    """Ask for a person, as the customer or as the AI. False: she was waiting already.

    `reason` is kept up to 500 characters, without what moderation hides. With a `department`, for
    a person of it. `trigger` says why (a value of assistant's Trigger): the customer reads the
    notice for it. `note` is for those who prepare the person. Raises StateConflict when a person
    has the conversation or it is closed.
    """
    wish: dict[str, Any] = {"department": department} if department else {}
    screening = moderation.screened(conversation.tenant, reason, actor)
    reason = screening.text[:500]
    try:
        change = move(
            conversation,
            "request_transfer",
            actor=actor,
            details={"reason": reason, "trigger": trigger}
            | {key: each.code for key, each in wish.items()},
            transfer_reason=reason,
            queued_at=timezone.now(),
            **wish,
        )
    except StateConflict as conflict:
        if conflict.state != State.QUEUED:
            raise
        return False
    alerts = moderation.keep_findings(conversation, screening, actor)
    notice = add_notice(conversation, "transfer_requested", trigger=trigger)
    transfer_requested.send(Conversation, conversation=conversation, trigger=trigger, note=note)
    announce_change(change, notice=notice)
    announce_transfer(change, trigger=trigger)
    moderation.announce_alerts(alerts)
    return True


@transaction.atomic
def cancel_transfer(*, conversation: Conversation, actor: Author) -> Conversation:
    """Stop waiting and go on with the AI; with the AI already, nothing changes."""
    try:
        change = move(conversation, "cancel_transfer", actor=actor)
    except StateConflict as conflict:
        if conflict.state != State.AI_ACTIVE:
            raise
        return conversation
    announce_change(change, notice=add_notice(conversation, "transfer_cancelled"))
    return conversation


@transaction.atomic
def accept_conversation(*, conversation: Conversation, agent: User) -> Conversation:
    """Take a waiting customer; an agent who has her already just keeps her.

    The first agent wins, the others get StateConflict saying who has her; UnknownSession if she
    is, by now, beyond what the agent may see.
    """
    try:
        change = move(
            conversation,
            "accept",
            actor=authors.agent(agent),
            seen_by=agent,
            agent=agent,
            accepted_at=timezone.now(),
        )
    except StateConflict as conflict:
        if conflict.state != State.ACTIVE or conflict.agent_id != agent.pk:
            raise
        return conversation
    notice = add_notice(conversation, "agent_joined", agent=agent.public_name)
    announce_change(change, notice=notice)
    return conversation


@transaction.atomic
def return_to_ai(*, conversation: Conversation, agent: User) -> Conversation:
    """Hand the customer back to the AI; only the agent who serves her may."""
    change = move(
        conversation, "return_to_ai", actor=authors.agent(agent), held_by=agent, agent=None
    )
    notice = add_notice(conversation, "returned_to_ai", agent=agent.public_name)
    announce_change(change, notice=notice)
    return conversation
