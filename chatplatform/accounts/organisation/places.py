"""Where an account stands in its company: a seat of the plan, a department, a position."""

from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import User
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Department, Position, Tenant
from chatplatform.tenants.services import bump_access

Row = TypeVar("Row", Department, Position)


DECISIVE = ("tenant", "department", "position", "is_active", "is_superuser")


class ForeignDepartment(InvalidInput):
    code = "foreign_department"
    title = _("Department and position must belong to the same company as the account.")


class DepartmentClosed(InvalidInput):
    code = "department_closed"
    title = _("This department is not active: nobody new is put into it.")


@dataclass(frozen=True)
class Place:
    """What of an account bears on seats and rights; the default is nobody's yet."""

    tenant: Tenant | None = None
    department_id: int | None = None
    position_id: int | None = None
    is_active: bool = False
    is_superuser: bool = False

    @property
    def seat(self) -> Tenant | None:
        """Whose seat is taken: operators and those who are switched off take none."""
        return self.tenant if self.is_active else None


def settle(user: User) -> set[str] | None:
    """Before an account is written, in the same transaction: let it in where it will stand.

    Takes or gives back a seat (QuotaExhausted), checks department and position, and says so if
    somebody's rights change. Gives the fields to write: None for all; all but DECISIVE if none of
    those change.
    """
    wanted, stored = _place(user), _stored(user)
    if not user._state.adding and wanted == stored:
        return {field.name for field in User._meta.concrete_fields} - {"id", *DECISIVE}
    if not user._state.adding or wanted.department_id is not None:
        _lock({wanted.tenant, stored.tenant})
        stored = _stored(user)
    if wanted.tenant != stored.tenant or wanted.department_id != stored.department_id:
        _ensure_own_department(wanted)
    if wanted.tenant != stored.tenant or wanted.position_id != stored.position_id:
        _ensure_own_position(wanted)
    if wanted.seat != stored.seat:
        if wanted.seat is not None:
            quotas.spend(tenant=wanted.seat, metric=Metric.SEATS)
        if stored.seat is not None:
            quotas.give_back(tenant=stored.seat, metric=Metric.SEATS)
    return None


def taken_seats(tenant: Tenant) -> int:
    """How many people of the tenant may sign in."""
    return User.objects.filter(tenant=tenant, is_active=True).count()


def _stored(user: User) -> Place:
    row = User.objects.select_related("tenant__plan").filter(pk=user.pk).first()
    return _place(row) if row else Place()


def _place(user: User) -> Place:
    return Place(
        user.tenant, user.department_id, user.position_id, user.is_active, user.is_superuser
    )


def _lock(tenants: set[Tenant | None]) -> None:
    """In one order, so that two who move people between companies don't wait for each other."""
    for tenant in sorted((each for each in tenants if each), key=lambda each: each.pk):
        bump_access(tenant)


def _ensure_own_department(place: Place) -> None:
    """Read behind the lock: it may have been deleted since the form was shown."""
    if place.department_id is None:
        return
    found = _own(Department, place.tenant, place.department_id)
    if found is None:
        raise ForeignDepartment
    if not found.active:
        raise DepartmentClosed


def _ensure_own_position(place: Place) -> None:
    if place.position_id is not None and not _own(Position, place.tenant, place.position_id):
        raise ForeignDepartment


def _own(model: type[Row], tenant: Tenant | None, key: int) -> Row | None:
    if tenant is None:
        return None
    with tenant_scope(tenant):
        row: Row | None = model._default_manager.filter(pk=key).first()
    return row
