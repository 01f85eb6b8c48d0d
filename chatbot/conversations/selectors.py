"""Reads. Every one costs the same number of queries for one row and for a thousand."""

from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy as _

from chatbot.conversations import wire
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.states import State
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.visibility import visible
from realtime import channels, log

# A page of history: enough for nearly every conversation in one answer, bounded for the others.
PAGE = 1_000
# Whoever waits further back hears of it when the queue has moved up to here.
QUEUE_HEARS = 200


def rows() -> QuerySet[Conversation]:
    """Conversations of the open scope with those who are in them: one query, however many."""
    found: QuerySet[Conversation] = Conversation.objects.select_related(
        "tenant", "customer", "agent"
    )
    return found


def conversations() -> QuerySet[Conversation]:
    """`rows` with all that an answer shows: the department and the place in the queue as well."""
    return rows().select_related("department").annotate(queue_place=_queue_place())


def conversations_for(
    user: User, *, status: str | None = None, mine: bool = False
) -> QuerySet[Conversation]:
    """The conversations this agent may see, last active first; the queue in its own order.

    `status` is a state's value (InvalidInput otherwise); `mine` keeps those the agent serves or
    served. Needs the tenant's scope.
    """
    found: QuerySet[Conversation] = visible(conversations(), user)
    if status is not None:
        if status not in State.values:
            raise InvalidInput(_("Unknown status."))
        found = found.filter(state=status)
    if mine:
        found = found.filter(agent=user)
    return found.order_by("queued_at", "id") if status == State.QUEUED else found


def current(conversation: Conversation) -> Conversation:
    """The same conversation as the database has it now."""
    return rows().get(pk=conversation.pk)


def session_answer(conversation: Conversation) -> wire.SessionOut:
    """The session as it is now, with the position to listen from."""
    position = log.position(conversation.tenant.slug)  # before the state: then no event is missed
    return listed_session(conversations().get(pk=conversation.pk), position=position)


def listed_session(conversation: Conversation, *, position: str | None = None) -> wire.SessionOut:
    """A row of `conversations()` as it goes out."""
    place: int | None = getattr(conversation, "queue_place", None)
    return wire.session_out(conversation, queue_position=place, position=position)


def messages_of(conversation: Conversation, after: int = 0) -> QuerySet[Message]:
    """The messages with an id above `after`, in order."""
    found: QuerySet[Message] = Message.objects.filter(conversation=conversation, pk__gt=after)
    return found.order_by("pk")


def messages_answer(conversation: Conversation, *, after: int = 0) -> wire.MessagesOut:
    """One page of messages in order, with the position to listen from."""
    position = log.position(conversation.tenant.slug)  # before the messages, for the same reason
    found = list(messages_of(conversation, after)[: PAGE + 1])
    return wire.MessagesOut(
        results=[wire.message_out(message) for message in found[:PAGE]],
        more=len(found) > PAGE,
        position=position,
    )


def queue_position(conversation: Conversation) -> int | None:
    """The place in the tenant's queue, counted from 1; None unless queued."""
    if conversation.state != State.QUEUED:
        return None
    return _ahead_of(conversation).count() + 1


def channels_behind(conversation: Conversation) -> list[str]:
    """The channels of those who wait behind it (or behind the place it has left), nearest first."""
    behind = _queue().filter(
        Q(queued_at__gt=conversation.queued_at)
        | Q(queued_at=conversation.queued_at, pk__gt=conversation.pk)
    )
    names = behind.order_by("queued_at", "pk").values_list("name", flat=True)[:QUEUE_HEARS]
    return [channels.session(name) for name in names]


def _queue() -> QuerySet[Conversation]:
    queue: QuerySet[Conversation] = Conversation.objects.filter(state=State.QUEUED)
    return queue


def _ahead_of(conversation: Conversation) -> QuerySet[Conversation]:
    return _queue().filter(
        Q(queued_at__lt=conversation.queued_at)
        | Q(queued_at=conversation.queued_at, pk__lt=conversation.pk)
    )


def _queue_place() -> Any:
    """How many wait up to and including the row; counted for waiting rows only."""
    upto = (
        _queue()
        .filter(
            Q(queued_at__lt=OuterRef("queued_at"))
            | Q(queued_at=OuterRef("queued_at"), pk__lte=OuterRef("pk")),
            tenant=OuterRef("tenant"),
        )
        .order_by()
        .values("state")
        .annotate(places=Count("pk"))
        .values("places")
    )
    return Case(When(state=State.QUEUED, then=Subquery(upto)), output_field=IntegerField())
