"""Things that happen unless somebody acts in time: rows, run once whoever runs them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from chatbot.conversations.models import Conversation, Timer
from chatbot.conversations.states import TIMERS, State, TimerKind
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

logger = structlog.get_logger(__name__)

BATCH = 100
# A timer whose handler fails would fail again every second; this long it stands aside.
SECOND_TRY = timedelta(minutes=1)

_LIMITS: dict[TimerKind, Callable[[Tenant], int]] = {
    TimerKind.WAIT_TIMEOUT: lambda tenant: tenant.wait_timeout,
    TimerKind.IDLE: lambda tenant: tenant.idle_timeout,
}
_handlers: dict[str, Callable[[Conversation], object]] = {}


def on_due(kind: TimerKind, handler: Callable[[Conversation], object]) -> None:
    """Register what a due timer of that kind does to its conversation."""
    _handlers[kind] = handler


def wind(conversation: Conversation) -> None:
    """Replace the conversation's timers by those of its state, each with its full time."""
    Timer.objects.filter(conversation=conversation).delete()
    for kind in TIMERS[State(conversation.state)]:
        wind_one(conversation, kind, since=timezone.now())


def wind_one(conversation: Conversation, kind: TimerKind, *, since: datetime) -> None:
    """Start one timer; its time counts from `since`."""
    limit = timedelta(seconds=_LIMITS[kind](conversation.tenant))
    Timer.objects.create(
        tenant=conversation.tenant, conversation=conversation, kind=kind, due_at=since + limit
    )


def run_due() -> int:
    """Run every timer that is due, each in a transaction of its own; how many were run here."""
    ran = 0
    while due := _due():
        ran += sum(_run_guarded(timer) for timer in due)
        if len(due) < BATCH:
            break
    return ran


def _due() -> list[Timer]:
    with all_tenants():
        waiting = Timer.objects.filter(due_at__lte=timezone.now()).select_related("tenant")
        return list(waiting.order_by("due_at")[:BATCH])


def _run_guarded(timer: Timer) -> bool:
    with tenant_scope(timer.tenant):
        try:
            return run(timer)
        except Exception:
            logger.exception("timer_failed", kind=timer.kind, conversation=timer.conversation_id)
            Timer.objects.filter(pk=timer.pk).update(due_at=timezone.now() + SECOND_TRY)
            return False


@transaction.atomic
def run(timer: Timer) -> bool:
    """Claim and act in one transaction: a process that dies in between leaves the timer due."""
    # The conversation's row first, as every writer takes it: so no two can wait for each other.
    conversation = Conversation.objects.select_for_update().get(pk=timer.conversation_id)
    claimed, _rows = Timer.objects.filter(pk=timer.pk, due_at=timer.due_at).delete()
    if not claimed:
        return False
    _handlers[timer.kind](conversation)
    return True
