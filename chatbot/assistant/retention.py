"""How long it is kept what the AI was asked and what became of it."""

from chatbot.assistant.models import Run
from chatbot.assistant.runtime_settings import AssistantSettings
from chatplatform.configuration.selectors import current
from chatplatform.kernel.retention import remove_old
from chatplatform.kernel.scoping import all_tenants


def remove_old_runs() -> int:
    """Remove runs that ended before the time they are kept; how many. Messages stay."""
    with all_tenants():
        ended = Run.objects.exclude(status__in=Run.OPEN)
        return remove_old(ended, days=current(AssistantSettings).runs_kept_days)
