from typing import Any

from django.db import transaction

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.tenants.limits import checked
from chatplatform.tenants.models import Tenant

# Counted up by conditional UPDATEs: what this copy of the row holds is old.
_COUNTERS = {"access_version", "departments_made"}


@transaction.atomic
def save_tenant(*, tenant: Tenant, by: Any, changed: list[str] | None = None) -> None:
    """Keep a new or changed tenant; `by` is the user who did it, `changed` names fields.

    InvalidLimits unless its own `limits` map metrics to whole numbers.
    """
    tenant.limits = checked(tenant.limits)
    if tenant._state.adding:
        action = "tenant.create"
        tenant.save()
    else:
        action = "tenant.change"
        names = {field.name for field in Tenant._meta.concrete_fields if not field.primary_key}
        tenant.save(update_fields=names - _COUNTERS)
    actor = Actor("user", str(by.pk), by.get_username())
    data = {"changed": changed} if changed else {}
    audit.record(tenant=tenant, actor=actor, action=action, target=tenant.slug, data=data)
