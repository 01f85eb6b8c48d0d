"""What a user may do with her company's departments: permission, reach and change in one piece."""

import re
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.kernel.visibility import keep_visible
from chatplatform.tenants import services
from chatplatform.tenants.models import Department, Position, Tenant
from chatplatform.tenants.selectors import departments_of, positions_of
from chatplatform.tenants.services.departments import UnknownDepartment

_CODE = re.compile(r"\w{1,16}", re.ASCII)


class UnknownLeader(InvalidInput):
    code = "unknown_leader"
    title = _("Nobody of your company has that user name.")


def company_of(user: User) -> Tenant:
    """The tenant the user works for; PermissionRefused for operators, who have none."""
    if user.tenant is None:
        raise PermissionRefused(_("This account belongs to no company."))
    return user.tenant


def visible_departments(user: User) -> QuerySet[Department]:
    """Those the user may see, each with its `member_count`; PermissionRefused without the right."""
    _require(user, "view_department")
    rows: Any = departments_of(company_of(user))
    found: QuerySet[Department] = rows.visible_to(user)
    return found.annotate(member_count=Count("members")).order_by("name", "id")


def visible_positions(user: User) -> QuerySet[Position]:
    """The positions the user may see; PermissionRefused without the right."""
    _require(user, "view_position")
    rows: Any = positions_of(company_of(user))
    found: QuerySet[Position] = rows.visible_to(user)
    return found


def access_department(*, user: User, code: str) -> Department:
    """The department of that code, if the user may see it; UnknownDepartment otherwise."""
    rows: Any = departments_of(company_of(user)).select_related("tenant")
    # The code goes to the database only if it could be one: PostgreSQL fails on a NUL.
    found = rows.visible_to(user).filter(code=code).first() if _CODE.fullmatch(code) else None
    if found is None:
        raise UnknownDepartment
    department: Department = found
    return department


@transaction.atomic
def create_department(
    *, by: User, name: str, parent: str | None = None, leader: str | None = None
) -> Department:
    """Add a department below the one of that code; errors as in tenants.services.

    LeftScope if the user could not see it then: who reaches her own part makes no root.
    """
    _require(by, "add_department")
    made = services.create_department(
        tenant=company_of(by),
        name=name,
        parent=access_department(user=by, code=parent) if parent else None,
        leader=_leader(by, leader),
        actor=actor_of(by),
    )
    return _kept(made, by)


@transaction.atomic
def change_department(*, by: User, code: str, **changes: Any) -> Department:
    """Change `name`, `leader` (a user name, or None) or `active`; what is not given stays."""
    _require(by, "change_department")
    if "leader" in changes:
        changes["leader"] = _leader(by, changes["leader"])
    department = access_department(user=by, code=code)
    changed = services.change_department(department=department, actor=actor_of(by), **changes)
    return _kept(changed, by)


@transaction.atomic
def move_department(*, by: User, code: str, parent: str | None) -> Department:
    """Hang it under the one of that code, or make it a root; LeftScope out of the user's reach."""
    _require(by, "change_department")
    moved = services.move_department(
        department=access_department(user=by, code=code),
        parent=access_department(user=by, code=parent) if parent else None,
        actor=actor_of(by),
    )
    return _kept(moved, by)


@transaction.atomic
def delete_department(*, by: User, code: str) -> None:
    """Remove an empty one."""
    _require(by, "delete_department")
    services.delete_department(department=access_department(user=by, code=code), actor=actor_of(by))


def _require(user: User, codename: str) -> None:
    if not user.has_perm(f"tenants.{codename}"):
        raise PermissionRefused


def _leader(by: User, username: str | None) -> User | None:
    if username is None:
        return None
    leader = User.objects.visible_to(by).filter(username=username).first()
    if leader is None:
        raise UnknownLeader
    return leader


def _kept(department: Department, by: User) -> Department:
    """The department as the tree now has it, if the user may still see it there."""
    # Her reach is remembered by the version that the change has just left behind.
    company_of(by).refresh_from_db(fields=["access_version"])
    keep_visible(department, by)
    return visible_departments(by).get(pk=department.pk)
