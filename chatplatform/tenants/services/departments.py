"""The tree of departments. Every change first bumps the tenant's access version: that locks its
row, so changes of one tree happen one after the other and each sees what the last one left."""

from typing import Any, Final

from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.kernel.errors import Conflict, InvalidInput, NotFound
from chatplatform.tenants.models import Department, Tenant
from chatplatform.tenants.models.department import DEEPEST
from chatplatform.tenants.selectors import height
from chatplatform.tenants.services.access import bump_access

KEEP: Final[Any] = object()  # leave it as it is, where None means nobody


class UnknownDepartment(NotFound):
    code = "unknown_department"
    title = _("There is no such department.")


class DepartmentTooDeep(InvalidInput):
    code = "department_too_deep"
    title = _("Departments go down five levels at most.")


class DepartmentCycle(InvalidInput):
    code = "department_cycle"
    title = _("A department can't be moved below itself.")


class DepartmentInUse(Conflict):
    code = "department_in_use"
    title = _("The department still has members or departments below it.")


class ForeignLeader(InvalidInput):
    code = "foreign_leader"
    title = _("The leader must belong to the same company.")


@transaction.atomic
def create_department(
    *,
    tenant: Tenant,
    name: str,
    actor: Actor,
    parent: Department | None = None,
    leader: Any | None = None,
) -> Department:
    """Add a department with a new code; `parent` None makes a root, `leader` is a User."""
    bump_access(tenant)
    above = _current(parent, tenant) if parent else None
    if above and above.level >= DEEPEST:
        raise DepartmentTooDeep
    department: Department = Department.objects.create(
        tenant=tenant,
        code=_next_code(tenant),
        name=name,
        parent=above,
        leader=_own(leader, tenant),
    )
    department.path = f"{above.path if above else ''}{department.pk}/"
    department.save(update_fields=["path"])
    _record(department, "create", actor, after={"name": name, "parent": _written(above)})
    return department


@transaction.atomic
def change_department(
    *,
    department: Department,
    actor: Actor,
    name: str = KEEP,
    leader: Any | None = KEEP,
    active: bool = KEEP,
) -> Department:
    """Rename it, give it another leader (a User, or None), close it for new members or reopen it.

    What is KEEP stays; changing nothing leaves no trace.
    """
    bump_access(department.tenant)
    current = _current(department, department.tenant)
    if leader is not KEEP:
        leader = _own(leader, department.tenant)
    wanted = {"name": name, "leader": leader, "active": active}
    changes = {
        field: value
        for field, value in wanted.items()
        if value is not KEEP and value != getattr(current, field)
    }
    before = {field: _written(getattr(current, field)) for field in changes}
    for field, value in changes.items():
        setattr(current, field, value)
    if changes:
        current.save(update_fields=[*changes, "updated_at"])
        after = {field: _written(value) for field, value in changes.items()}
        _record(current, "change", actor, before=before, after=after)
    return current


@transaction.atomic
def move_department(
    *, department: Department, parent: Department | None, actor: Actor
) -> Department:
    """Hang it, with all below it, under another one; None makes it a root.

    DepartmentCycle under itself or its own child, DepartmentTooDeep if the lowest of them would
    come below the fifth level.
    """
    bump_access(department.tenant)
    current = _current(department, department.tenant)
    above = _current(parent, department.tenant) if parent else None
    if above is not None and above.path.startswith(current.path):
        raise DepartmentCycle
    if current.parent_id == (above.pk if above else None):
        return current
    level = above.level if above else 0
    if level + height(current) > DEEPEST:
        raise DepartmentTooDeep
    before, old = current.parent, current.path
    new = f"{above.path if above else ''}{current.pk}/"
    Department.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr("path", len(old) + 1), output_field=models.CharField())
    )
    current.parent, current.path = above, new
    current.save(update_fields=["parent", "updated_at"])
    was, now = {"parent": _written(before)}, {"parent": _written(above)}
    _record(current, "move", actor, before=was, after=now)
    return current


@transaction.atomic
def delete_department(*, department: Department, actor: Actor) -> None:
    """Remove an empty one; DepartmentInUse while it has members or departments below it."""
    bump_access(department.tenant)
    current = _current(department, department.tenant)
    if current.children.exists() or current.members.exists():
        raise DepartmentInUse
    _record(current, "delete", actor, before={"name": current.name})
    current.delete()


def _current(department: Department, tenant: Tenant) -> Department:
    """The tenant's department as the last change left it, read behind the lock."""
    rows = Department.objects.select_related("tenant", "parent", "leader")
    found: Department | None = rows.filter(pk=department.pk, tenant=tenant).first()
    if found is None:
        raise UnknownDepartment
    return found


def _next_code(tenant: Tenant) -> str:
    """Numbered per tenant and never given twice, so that an old link can't name another one."""
    row = Tenant.objects.filter(pk=tenant.pk)
    row.update(departments_made=F("departments_made") + 1)
    return f"D{row.values_list('departments_made', flat=True).get():03d}"


def _own(leader: Any | None, tenant: Tenant) -> Any | None:
    if leader is not None and leader.tenant_id != tenant.pk:
        raise ForeignLeader
    return leader


def _written(value: Any) -> Any:
    """As history writes it: a department by its code, a user by her name."""
    match value:
        case Department():
            return value.code
        case models.Model():
            return str(value)
    return value


def _record(department: Department, verb: str, actor: Actor, **sides: dict[str, Any]) -> None:
    audit.record(
        tenant=department.tenant,
        actor=actor,
        action=f"department.{verb}",
        target=department.code,
        **sides,
    )
