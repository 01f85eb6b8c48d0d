from typing import Any

from django.db import transaction

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.tenants.limits import checked
from chatplatform.tenants.models import Tenant

# Counted up by conditional UPDATEs: what this copy of the row holds is old.
_COUNTERS = {"access_version", "departments_made"}


@transaction.atomic
def save_tenant(*, tenant: Tenant, by: Any) -> None:
    """Keep a new or changed tenant; `by` is the user who did it.

    InvalidLimits unless its own `limits` map metrics to whole numbers.
    """
    action = "tenant.create" if tenant._state.adding else "tenant.change"
    names = {field.name for field in Tenant._meta.concrete_fields if not field.primary_key}
    before = stored_values_of(tenant, *names - _COUNTERS)
    tenant.limits = checked(tenant.limits)
    tenant.save(update_fields=None if tenant._state.adding else names - _COUNTERS)
    audit.record(
        tenant=tenant,
        actor=Actor("user", str(by.pk), by.get_username()),
        action=action,
        target=tenant.slug,
        before=before,
        after=values_of(tenant, *names - _COUNTERS),
    )
