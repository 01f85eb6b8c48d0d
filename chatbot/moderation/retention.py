"""How long it is kept what was found in texts, and what was hidden."""

from chatbot.moderation.models import Hit, Original
from chatbot.moderation.runtime_settings import ModerationSettings
from chatplatform.configuration.selectors import current
from chatplatform.kernel.retention import remove_old
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant


def remove_old_hits() -> int:
    """Remove hits that are too old, also those nobody looked at; how many."""
    with all_tenants():
        return remove_old(Hit.objects.all(), days=current(ModerationSettings).hits_kept_days)


def remove_old_originals() -> int:
    """Remove what was hidden longer ago than each tenant wants it kept; how many."""
    return sum(_remove_originals(tenant) for tenant in Tenant.objects.all())


def _remove_originals(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        days = current(ModerationSettings, tenant).originals_kept_days
        return remove_old(Original.objects.all(), days=days)
