"""Audit lines for the rooms below, which announce their changes and know nothing of us."""

from typing import Any

from chatplatform.audit.actors import Actor
from chatplatform.audit.services import record
from chatplatform.tenants.models import Tenant


def record_tenant_change(
    *, tenant: Tenant, action: str, by: Any, changed: list[str], **_: Any
) -> None:
    """Receiver of `tenants.services.tenant_saved`."""
    actor = Actor("user", str(by.pk), by.get_username())
    data = {"changed": changed} if changed else {}
    record(tenant=tenant, actor=actor, action=action, target=tenant.slug, data=data)
