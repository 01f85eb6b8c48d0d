from typing import Any

from django.db import transaction
from django.dispatch import Signal

from chatplatform.tenants.models import Tenant

tenant_saved = Signal()  # inside the transaction, with tenant=, action=, by=, changed=


@transaction.atomic
def save_tenant(*, tenant: Tenant, by: Any, changed: list[str] | None = None) -> None:
    """Keep a new or changed tenant; `by` is the user who did it, `changed` names fields."""
    action = "tenant.create" if tenant._state.adding else "tenant.change"
    tenant.save()
    tenant_saved.send(Tenant, tenant=tenant, action=action, by=by, changed=changed or [])
