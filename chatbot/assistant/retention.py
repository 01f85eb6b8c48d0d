"""How long it is kept what the AI was asked and what became of it."""

from datetime import timedelta

from django.utils import timezone

from chatbot.assistant.models import Run
from chatbot.assistant.runtime_settings import AssistantSettings
from chatplatform.configuration.selectors import current
from chatplatform.kernel.scoping import all_tenants

BATCH = 500  # rows in one statement: writers wait no longer than for that


def remove_old_runs() -> int:
    """Remove runs that ended before the time they are kept; how many. Messages stay."""
    days = current(AssistantSettings).runs_kept_days
    removed = 0
    while days and (batch := _old(days)):
        with all_tenants():
            removed += Run.objects.filter(pk__in=batch).delete()[0]
    return removed


def _old(days: int) -> list[int]:
    with all_tenants():
        old = Run.objects.filter(created_at__lt=timezone.now() - timedelta(days=days))
        ended = old.exclude(status__in=Run.OPEN).order_by("created_at")
        return list(ended.values_list("pk", flat=True)[:BATCH])
