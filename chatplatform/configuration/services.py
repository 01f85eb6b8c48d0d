"""Settings change here and nowhere else."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.configuration import memory
from chatplatform.configuration.models import Revision, Setting
from chatplatform.configuration.registry import RuntimeSettings, shown
from chatplatform.configuration.selectors import Entry, entries, plain, valid
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.input_errors import FieldError, field_errors
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant


@transaction.atomic
def change(
    *,
    group: type[RuntimeSettings],
    values: Mapping[str, Any],
    by: Any,
    tenant: Tenant | None = None,
) -> None:
    """Set some settings of a group for the installation, or for one tenant; None: no own value.

    `by` is the user who does it. PermissionRefused for what is not hers to decide; InvalidInput
    naming the field for a value of the wrong kind, and for what no tenant may choose.
    """
    check_may_change(by, tenant)
    # Whoever changes something waits here for the one before, so what it is compared with is true.
    Revision.objects.update_or_create(pk=Revision.ONLY, defaults={"stamp": public_id()})
    stored = entries(group, tenant)
    wanted = _checked(group, values, stored, tenant)
    before = {entry.key: _value(entry.own if tenant else entry.installation) for entry in stored}
    after = {key: value for key, value in wanted.items() if value != before[key]}
    for key, value in after.items():
        _keep(group, key, value, tenant, by)
    if after:
        _record(group, {key: before[key] for key in after}, after, tenant, by)
    transaction.on_commit(memory.refresh)


def check_may_change(user: Any, tenant: Tenant | None) -> None:
    """PermissionRefused unless the user may change the settings of that tenant, or, without one,
    the installation's: those are its operators', who belong to no tenant."""
    bound_to = getattr(user, "tenant", None)
    if not user.has_perm("configuration.change_setting"):
        raise PermissionRefused(_("You may not change settings."))
    if bound_to is not None and bound_to != tenant:
        raise PermissionRefused(_("These settings are not your company's."))


def _checked(
    group: type[RuntimeSettings],
    values: Mapping[str, Any],
    stored: list[Entry],
    tenant: Tenant | None,
) -> dict[str, Any]:
    """The values in their types; None where none is to be kept."""
    if tenant is not None and (fixed := [key for key in values if not _by_tenant(group, key)]):
        raise InvalidInput(errors=[_installation_only(key) for key in fixed])
    base = valid(group, {entry.key: entry.value for entry in stored if entry.is_set})
    given = {key: value for key, value in values.items() if value is not None}
    try:
        whole = group.model_validate({**base, **given})
    except ValidationError as error:
        raise InvalidInput(errors=field_errors(error)) from None
    if strange := set(values) - set(group.model_fields):  # given as None: nothing to validate
        raise InvalidInput(errors=[_unknown(key) for key in sorted(strange)])
    return {key: plain(getattr(whole, key)) if key in given else None for key in values}


def _by_tenant(group: type[RuntimeSettings], key: str) -> bool:
    return key not in group.model_fields or shown(group, key).by_tenant


def _installation_only(key: str) -> FieldError:
    message = _("Only the operators of the installation decide this.")
    return {"field": key, "code": "installation_only", "message": message}


def _unknown(key: str) -> FieldError:
    return {"field": key, "code": "extra_forbidden", "message": _("There is no such field.")}


def _value(row: Setting | None) -> Any:
    return None if row is None else row.value


def _keep(
    group: type[RuntimeSettings], key: str, value: Any, tenant: Tenant | None, by: Any
) -> None:
    with all_tenants():
        if value is None:
            Setting.objects.filter(tenant=tenant, group=group.name, key=key).delete()
        else:
            Setting.objects.update_or_create(
                tenant=tenant,
                group=group.name,
                key=key,
                defaults={"value": value, "changed_by": by.get_username()},
            )


def _record(
    group: type[RuntimeSettings],
    before: dict[str, Any],
    after: dict[str, Any],
    tenant: Tenant | None,
    by: Any,
) -> None:
    audit.record(
        tenant=tenant,
        actor=Actor("user", str(by.pk), by.get_username()),
        action="settings.change",
        target=group.name,
        before=before,
        after=after,
    )
