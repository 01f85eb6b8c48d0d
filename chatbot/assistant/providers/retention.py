"""How long calls of models are kept. What they took stays, as the accounts of their days."""

from chatbot.assistant.providers.models import ModelCall
from chatbot.assistant.providers.runtime_settings import ModelSettings
from chatbot.assistant.providers.sums import keep_sums
from chatplatform.configuration.selectors import current
from chatplatform.kernel.retention import remove_old
from chatplatform.kernel.scoping import all_tenants


def remove_old_calls() -> int:
    """Remove the calls that are too old; how many."""
    days = current(ModelSettings).calls_kept_days
    with all_tenants():
        return remove_old(ModelCall.objects.all(), days=days, first=keep_sums)
