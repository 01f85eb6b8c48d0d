"""Every query stands inside one tenant, or fails (django-scopes)."""

from contextlib import AbstractContextManager
from typing import Any

from django.db import models
from django_scopes import ScopedManager, scope, scopes_disabled

from chatplatform.kernel.visibility import VisibleManager


def tenant_scoped(manager: type[models.Manager[Any]] = VisibleManager) -> Any:
    """The default manager of a tenant's rows: raises ScopeError outside a tenant scope."""
    return ScopedManager(manager, tenant="tenant")


def tenant_scope(tenant: models.Model) -> AbstractContextManager[None]:
    """Queries inside see this tenant's rows only."""
    entered: AbstractContextManager[None] = scope(tenant=tenant)
    return entered


def all_tenants() -> AbstractContextManager[None]:
    """Queries inside see every tenant: for doors that find out whose row it is, and for timers."""
    entered: AbstractContextManager[None] = scopes_disabled()
    return entered
