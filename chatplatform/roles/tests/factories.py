from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from chatplatform.accounts.models import User
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.scoping import all_tenants
from chatplatform.roles.models import Role, Scope
from chatplatform.tenants.models import Department, Tenant


def role(
    tenant: Tenant | None,
    permissions: Q | Iterable[str] = (),
    *,
    scope: str = Scope.ALL,
    name: str = "",
    departments: Iterable[Department] = (),
    constraints: dict[str, Any] | None = None,
    enabled: bool = True,
) -> Role:
    """A role with the permissions that match, or that are named by their codenames."""
    name = name or public_id()
    made = Role.objects.create(
        tenant=tenant,
        group=Group.objects.create(name=public_id()),
        name=name,
        scope=scope,
        constraints=constraints or {},
        enabled=enabled,
    )
    wanted = permissions if isinstance(permissions, Q) else Q(codename__in=list(permissions))
    made.group.permissions.set(Permission.objects.filter(wanted))
    with all_tenants():
        made.departments.set(departments)
    return made


def give(user: User, *roles: Role) -> User:
    """The user with exactly these roles, as the next request would load her."""
    user.groups.set([each.group for each in roles])
    return fresh(user)


def fresh(user: User) -> User:
    return User.objects.select_related("tenant").get(pk=user.pk)
