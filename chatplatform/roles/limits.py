"""What someone may give to others: never more than she has, and never further than she reaches."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from chatplatform.accounts.permission_words import ORDER, full_name
from chatplatform.roles.models import Role, Scope
from chatplatform.roles.rights import RoleRights, departments_reached, rights_of

# What Django and the libraries keep for themselves is nothing to give.
OUR_APPS = Q(
    content_type__app_label__in=[
        "tenants",
        "audit",
        "accounts",
        "api_keys",
        "roles",
        "configuration",
        "dictionaries",
        "protection",
        "conversations",
        "knowledge",
        "assistant",
        "desk",
    ]
)


def permissions_to_give(giver: Any) -> QuerySet[Permission]:
    """The permissions that may stand in a role this user makes, with what they are about."""
    found = Permission.objects.filter(OUR_APPS).select_related("content_type")
    if not giver.is_superuser:
        own = rights_of(giver).permissions
        keys = [each.pk for each in found if full_name(each) in own]
        found = found.filter(pk__in=keys)
    return found.order_by(*ORDER)


def may_give(
    giver: Any, *, permissions: Collection[str], scope: str, departments: Collection[int] = ()
) -> bool:
    """Whether she may give these permissions ("app.codename") with that reach."""
    if giver.is_superuser:
        return True
    reaching = (
        role.permissions
        for role in rights_of(giver).roles
        if _reaches(role, scope, frozenset(departments))
    )
    return frozenset(permissions) <= frozenset().union(*reaching)


def roles_of_tenant(tenant: Any) -> QuerySet[Role]:
    """The roles that a tenant's people may have: its own, and the installation's."""
    return Role.objects.filter(Q(tenant=None) | Q(tenant=tenant)).select_related("group")


def roles_to_give(giver: Any, *, tenant: Any, to: Any = None) -> list[Role]:
    """Those of the tenant's roles that this user may give to others. Four queries at most.

    `to` is whom: only then it is known whose department a role for one's own would reach.
    """
    roles = list(roles_of_tenant(tenant))
    permissions = permissions_of(roles)
    reached = departments_reached(to, roles)
    return [
        role
        for role in roles
        if may_give(
            giver,
            permissions=permissions[role.pk],
            scope=role.scope,
            departments=reached[role.pk],
        )
    ]


def groups_to_give(giver: Any, *, tenant: Any, to: Any = None) -> QuerySet[Group]:
    """The same as groups, for a form."""
    roles = [role.pk for role in roles_to_give(giver, tenant=tenant, to=to)]
    return Group.objects.filter(role__in=roles).order_by("role__tenant", "role__name")


def permissions_of(roles: Collection[Role]) -> dict[int, set[str]]:
    """By role: "app.codename"."""
    granted: dict[int, set[str]] = {role.pk: set() for role in roles}
    found = Permission.objects.filter(group__role__in=roles).order_by()
    for role, app, codename in found.values_list(
        "group__role", "content_type__app_label", "codename"
    ):
        granted[role].add(f"{app}.{codename}")
    return granted


def outranks(user: Any, other: Any) -> bool:
    """Whether `user` may do something that `other` may not: then `other` does not manage her."""
    if other.is_superuser:
        return False
    return bool(user.is_superuser or rights_of(user).permissions - rights_of(other).permissions)


def may_act_as(by: Any, user: Any) -> bool:
    """Whether `by` may hold what opens the user's account: nothing is seen by it that `by` may not
    see and do herself. Unlike `outranks`, how far each role of hers reaches counts too."""
    if by.is_superuser:
        return True
    own = rights_of(by).roles
    return not user.is_superuser and all(_within(role, own) for role in rights_of(user).roles)


def reaches_everything(user: Any) -> bool:
    """Whether whatever she may do she may do with every row: no department shows her more."""
    return may_give(user, permissions=rights_of(user).permissions, scope=Scope.ALL)


def _within(role: RoleRights, own: Collection[RoleRights]) -> bool:
    reaching = (each.permissions for each in own if _holds(each, role))
    return role.permissions <= frozenset().union(*reaching)


def _holds(own: RoleRights, role: RoleRights) -> bool:
    """Whether the own one reaches as far; the same role may be limited, for both are."""
    if own.key == role.key:
        return role.departments <= own.departments
    nowhere = role.scope != Scope.ALL and not role.departments
    return _reaches(own, Scope.OWN if nowhere else role.scope, role.departments)


def _reaches(role: RoleRights, scope: str, departments: frozenset[int]) -> bool:
    if scope == Scope.OWN:
        return True
    if role.constraints:
        return False
    if role.scope == Scope.ALL:
        return True
    if scope == Scope.ALL or (scope != Scope.CUSTOM and not departments):
        return False  # everything, or nobody knows whose department
    return departments <= role.departments
