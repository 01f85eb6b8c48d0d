"""How long calls of tools are kept."""

from chatbot.tools.choices import OPEN
from chatbot.tools.models import ToolCall
from chatbot.tools.runtime_settings import ToolSettings
from chatplatform.configuration.selectors import current
from chatplatform.kernel.retention import remove_old
from chatplatform.kernel.scoping import all_tenants


def remove_old_calls() -> int:
    """Remove calls that ended too long ago; how many. History keeps who allowed them."""
    with all_tenants():
        ended = ToolCall.objects.exclude(status__in=OPEN)
        return remove_old(ended, days=current(ToolSettings).calls_kept_days)
