"""What holds now, and where it comes from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import structlog
from django.db.models import Q
from pydantic import ValidationError

from chatplatform.configuration import memory
from chatplatform.configuration.models import Setting
from chatplatform.configuration.registry import RuntimeSettings, Shown, shown
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

logger = structlog.get_logger(__name__)

Group = TypeVar("Group", bound=RuntimeSettings)


def current(group: type[Group], tenant: Tenant | None = None) -> Group:
    """The values that hold for the tenant, or for the installation; no query.

    Defaults, then the installation's values, then the tenant's own. Both processes know of a
    change within a few seconds, the changing one at its commit.
    """
    known = memory.snapshot()
    owner = tenant.pk if tenant is not None and (tenant.pk, group.name) in known.values else None
    found = known.merged.get((owner, group.name))
    if not isinstance(found, group):
        found = known.merged[owner, group.name] = _merged(group, _stored(known, group, owner))
    return found


def overrides(
    known: memory.Snapshot, group: type[RuntimeSettings], owner: memory.Owner
) -> dict[str, Any]:
    """The stored values of one owner that still mean something."""
    values = known.values.get((owner, group.name), {})
    return {
        key: value
        for key, value in values.items()
        if key in group.model_fields and (owner is None or shown(group, key).by_tenant)
    }


@dataclass(frozen=True)
class Entry:
    """One setting as its page shows it; `installation` and `own` are None where nothing is set."""

    key: str
    shown: Shown
    default: Any
    installation: Setting | None
    own: Setting | None

    @property
    def is_set(self) -> bool:
        """Whether anybody chose another value than the default."""
        return self.own is not None or self.installation is not None

    @property
    def value(self) -> Any:
        """What holds."""
        row = self.own or self.installation
        return row.value if row else self.default

    @property
    def changed(self) -> tuple[str, datetime] | None:
        """Who changed what holds, and when."""
        row = self.own or self.installation
        return (row.changed_by, row.changed_at) if row else None


def entries(group: type[RuntimeSettings], tenant: Tenant | None) -> list[Entry]:
    """The settings of a group, for the installation or a tenant, as they are stored: one query."""
    with all_tenants():
        rows = list(Setting.objects.filter(_owned_by(tenant), group=group.name))
    installation = {row.key: row for row in rows if row.tenant_id is None}
    own = {row.key: row for row in rows if row.tenant_id is not None}
    return [
        Entry(key, shown(group, key), plain(field.default), installation.get(key), own.get(key))
        for key, field in group.model_fields.items()
    ]


def valid(group: type[RuntimeSettings], values: dict[str, Any]) -> dict[str, Any]:
    """The stored values without those that a newer version of us refuses: they are not set."""
    try:
        group.model_validate(values)
    except ValidationError as error:
        refused = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
        logger.warning("stored_settings_refused", group=group.name, keys=sorted(refused))
        return {key: value for key, value in values.items() if key not in refused}
    return values


def plain(value: Any) -> Any:
    """A copy that can be stored as JSON."""
    return dict(value) if isinstance(value, dict) else value


def _owned_by(tenant: Tenant | None) -> Q:
    installation = Q(tenant__isnull=True)
    return installation if tenant is None else installation | Q(tenant=tenant)


def _stored(
    known: memory.Snapshot, group: type[RuntimeSettings], owner: memory.Owner
) -> dict[str, Any]:
    values = overrides(known, group, None)
    return values if owner is None else values | overrides(known, group, owner)


def _merged(group: type[Group], values: dict[str, Any]) -> Group:
    return group.model_validate(valid(group, values))
