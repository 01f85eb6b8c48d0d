from typing import Any

from django.db import transaction
from django.db.models import F

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.tenants.models import Tenant


@transaction.atomic
def save_tenant(*, tenant: Tenant, by: Any, changed: list[str] | None = None) -> None:
    """Keep a new or changed tenant; `by` is the user who did it, `changed` names fields."""
    action = "tenant.create" if tenant._state.adding else "tenant.change"
    tenant.save()
    actor = Actor("user", str(by.pk), by.get_username())
    data = {"changed": changed} if changed else {}
    audit.record(tenant=tenant, actor=actor, action=action, target=tenant.slug, data=data)


def bump_access(tenant: Tenant) -> None:
    """Say, in the caller's transaction, that who may do what in this tenant has changed.

    Until the commit it also locks the tenant's row: callers that read its tree first wait here.
    """
    Tenant.objects.filter(pk=tenant.pk).update(access_version=F("access_version") + 1)
