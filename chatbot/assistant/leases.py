"""Whose a run is: its worker's until its lease ends. Of a conversation's open runs only the oldest
can be claimed. Reads, and what is written with a claim."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from chatbot.assistant.models import Run
from chatbot.conversations.models import Conversation

# A killed process' run is free again after this; its worker renews the lease three times as often.
LEASE = timedelta(seconds=6)


def claimable() -> QuerySet[Run]:
    """The free runs that are first in their conversations, oldest first."""
    older = Run.objects.filter(
        conversation=OuterRef("conversation"), pk__lt=OuterRef("pk"), status__in=Run.OPEN
    )
    found: QuerySet[Run] = Run.objects.filter(
        free(timezone.now()), ~Exists(older), status__in=Run.OPEN
    )
    return found.order_by("pk")


def is_one_open(conversation: Conversation) -> bool:
    """Sure only where the conversation's row is locked, as by whoever posts a message."""
    older = Run.objects.filter(conversation=conversation, status__in=Run.OPEN)
    return bool(older.exists())


def claim(worker: str, *, attempts: int) -> dict[str, Any]:
    """The fields of a run that is the worker's from now on."""
    now = timezone.now()
    return {
        "status": Run.Status.RUNNING,
        "worker": worker,
        "lease_until": now + LEASE,
        "attempts": attempts,
        "started_at": now,
    }


def free(now: datetime) -> Q:
    """Nobody's, or not any more."""
    return Q(lease_until=None) | Q(lease_until__lte=now)


def held(run: Run) -> QuerySet[Run]:
    """The run's row while it is its worker's; the attempt tells a worker from itself earlier."""
    held: QuerySet[Run] = Run.objects.filter(
        pk=run.pk, status=Run.Status.RUNNING, worker=run.worker, attempts=run.attempts
    )
    return held
