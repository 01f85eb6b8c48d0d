"""What the desk reads: an agent's view of the conversations, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Left

from chatbot.assistant.models import HandoffBrief
from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.conversations.selectors import conversations_for
from chatbot.conversations.states import State
from chatbot.tools.selectors import approvals_for
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from workbench.desk.models import ReadMark

EXCERPT = 160  # characters: more than a row can show
HISTORY = 50  # steps: a conversation that was handed over more often shows its latest ones


@dataclass(frozen=True)
class Counts:
    """What awaits the agent: who waits, whom she serves, what she has not read yet, in how many
    conversations the AI asks for her approval."""

    queue: int
    mine: int
    open: int
    unread: int
    approvals: int
    mine_names: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A conversation in the list: what was said last, and how many messages are unread.

    `trigger` and `mood` are the brief's of one who waits, `wants` what the AI asks the agent to
    approve; "" for others.
    """

    conversation: Conversation
    last: Message | None
    unread: int
    trigger: str = ""
    mood: str = ""
    wants: str = ""


def counts(user: User) -> Counts:
    """The counts beside the views: three queries, however many conversations there are."""
    tally = (
        Conversation.objects.visible_to(user)
        .exclude(state=State.RESOLVED)
        .aggregate(open=Count("pk"), queue=Count("pk", filter=Q(state=State.QUEUED)))
    )
    mine = list(_served_by(user).annotate(unread=_unread(user)).values_list("name", "unread"))
    return Counts(
        queue=tally["queue"],
        mine=len(mine),
        open=tally["open"],
        unread=sum(unread for _, unread in mine),
        approvals=approvals_for(user).order_by().values("conversation").distinct().count(),
        mine_names=tuple(name for name, _ in mine),
    )


def rows(found: QuerySet[Conversation], user: User, *, limit: int) -> list[Row]:
    """The first `limit` conversations with their last words and unread counts: two queries."""
    shown = found.annotate(
        unread=_unread(user),
        last_id=_last_spoken(),
        why=_briefed("trigger"),
        mood=_briefed("mood"),
        wants=_to_approve(user, "title"),
    )
    page = list(shown[:limit])
    spoken = Message.objects.filter(pk__in=[c.last_id for c in page if c.last_id])
    last = {m.pk: m for m in spoken.annotate(excerpt=Left("text", EXCERPT)).defer("text", "data")}
    return [
        Row(c, last.get(c.last_id), c.unread, c.why or "", c.mood or "", c.wants or "")
        for c in page
    ]


def queue_of(user: User) -> QuerySet[Conversation]:
    """Who waits for a person, longest first."""
    return conversations_for(user, status=State.QUEUED)


def mine_of(user: User) -> QuerySet[Conversation]:
    """Whom the agent serves, last active first."""
    return conversations_for(user, status=State.ACTIVE, mine=True)


def approvals_of(user: User) -> QuerySet[Conversation]:
    """Where the AI asks for this agent's approval, most urgent first."""
    wanted = approvals_for(user).order_by()
    waiting = conversations_for(user).filter(pk__in=wanted.values("conversation"))
    return waiting.order_by(_to_approve(user, "expires_at"), "pk")


def named_like(found: QuerySet[Conversation], words: str) -> QuerySet[Conversation]:
    """Those whose customer's name or e-mail holds every word, or whose session is called so."""
    for word in words.split():
        found = found.filter(
            Q(customer__name__icontains=word) | Q(customer__email__icontains=word) | Q(name=word)
        )
    return found


def history_of(conversation: Conversation) -> QuerySet[AuditEntry]:
    """What happened to the conversation, first things first."""
    entries = AuditEntry.objects.filter(target_type="conversation", target_id=conversation.name)
    latest = entries.order_by("-pk").values("pk")[:HISTORY]
    history: QuerySet[AuditEntry] = AuditEntry.objects.filter(pk__in=latest).order_by("pk")
    return history


def _served_by(user: User) -> QuerySet[Conversation]:
    seen = Conversation.objects.visible_to(user)
    served: QuerySet[Conversation] = seen.filter(agent=user, state=State.ACTIVE)
    return served


def _unread(user: User) -> Any:
    """Customers' messages after the agent's mark, in the conversations that she serves."""
    mark = ReadMark.objects.filter(agent=user, conversation=OuterRef(OuterRef("pk")))
    unread = (
        Message.objects.filter(
            conversation=OuterRef("pk"),
            author_kind=AuthorKind.CUSTOMER,
            pk__gt=Coalesce(Subquery(mark.values("last_message_id")[:1]), Value(0)),
        )
        .order_by()
        .values("conversation")
        .annotate(messages=Count("pk"))
        .values("messages")
    )
    return Case(
        When(agent=user, state=State.ACTIVE, then=Coalesce(Subquery(unread), Value(0))),
        default=Value(0),
    )


def _to_approve(user: User, field: str) -> Any:
    return Subquery(approvals_for(user).filter(conversation=OuterRef("pk")).values(field)[:1])


def _last_spoken() -> Any:
    spoken = Message.objects.filter(conversation=OuterRef("pk")).exclude(
        author_kind=AuthorKind.SYSTEM
    )
    return Subquery(spoken.order_by(F("pk").desc()).values("pk")[:1])


def _briefed(field: str) -> Any:
    """What the brief of a waiting customer says; it has the version at which she waits."""
    brief = HandoffBrief.objects.filter(conversation=OuterRef("pk"), version=OuterRef("version"))
    return Case(When(state=State.QUEUED, then=Subquery(brief.values(field)[:1])))
