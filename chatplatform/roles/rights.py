"""What a user may do and how far she reaches, read once per change of her tenant's rights."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model, Q

from chatplatform.kernel.scoping import all_tenants
from chatplatform.roles.models import Role, Scope
from chatplatform.tenants.models import Department

REMEMBERED = 10_000  # users; some kilobytes each


@dataclass(frozen=True)
class RoleRights:
    """One enabled role as one user has it: `departments` are those it reaches for her."""

    key: int
    name: str
    scope: Scope
    departments: frozenset[int] = frozenset()
    constraints: dict[str, Any] = field(default_factory=dict)
    permissions: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()  # labels of those that a permission is about


@dataclass(frozen=True)
class Rights:
    """Her roles, and all that they permit: "app.codename".

    `seen` keeps, by model, what policy.py has made of them: it changes only with them.
    """

    roles: tuple[RoleRights, ...] = ()
    permissions: frozenset[str] = frozenset()
    seen: dict[type[Model], Q | None] = field(default_factory=dict, compare=False, repr=False)


_remembered: OrderedDict[tuple[int, int | None, int], Rights] = OrderedDict()
_lock = Lock()


def rights_of(user: Any) -> Rights:
    """The user's rights as of her tenant's `access_version`, which came with her: no query, if
    this process has looked since the last change. Blocking otherwise, two to four queries."""
    if not user.is_active or user.pk is None:
        return Rights()
    version = user.tenant.access_version if user.tenant_id else 0
    known: tuple[int, Rights] | None = user.__dict__.get("_rights")
    if known and known[0] == version:
        return known[1]
    key = (user.pk, user.tenant_id, version)
    rights = _recalled(key) or _remember(key, read_rights(user))
    user.__dict__["_rights"] = (version, rights)
    return rights


def forget_all() -> None:
    """Begin with nothing remembered: for tests, whose users come back with the same keys."""
    with _lock:
        _remembered.clear()


def _recalled(key: tuple[int, int | None, int]) -> Rights | None:
    with _lock:
        if key in _remembered:
            _remembered.move_to_end(key)
            return _remembered[key]
    return None


def _remember(key: tuple[int, int | None, int], rights: Rights) -> Rights:
    # An operator's rights have no version. What is read in a transaction may be taken back, and
    # then the next change would get the same number.
    if key[1] is None or transaction.get_connection().in_atomic_block:
        return rights
    with _lock:
        _remembered[key] = rights
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return rights


def read_rights(user: Any) -> Rights:
    """The same, from the database."""
    whose = Q(tenant=None) | Q(tenant=user.tenant_id)
    roles = list(Role.objects.filter(whose, enabled=True, group__user=user.pk).order_by("pk"))
    if not roles:
        return Rights()
    granted, about = _permissions(roles)
    reached = departments_reached(user, roles)
    return Rights(
        roles=tuple(
            RoleRights(
                role.pk,
                role.name,
                Scope(role.scope),
                reached[role.pk],
                role.constraints,
                frozenset(granted[role.pk]),
                frozenset(about[role.pk]),
            )
            for role in roles
        ),
        permissions=frozenset().union(*granted.values()),
    )


def _permissions(roles: list[Role]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """By role: what it permits, and the models that is about."""
    granted: defaultdict[int, set[str]] = defaultdict(set)
    about: defaultdict[int, set[str]] = defaultdict(set)
    found = Permission.objects.filter(group__role__in=roles).order_by()
    for role, app, model, codename in found.values_list(
        "group__role", "content_type__app_label", "content_type__model", "codename"
    ):
        granted[role].add(f"{app}.{codename}")
        about[role].add(f"{app}.{model}")
    return granted, about


def departments_reached(user: Any, roles: list[Role]) -> dict[int, frozenset[int]]:
    """By role: the departments it reaches for this user; None: for somebody in no department."""
    scopes = {role.scope for role in roles}
    own = frozenset({user.department_id} - {None}) if user else frozenset()
    below = own
    if Scope.DEPARTMENT_TREE in scopes and own:
        with all_tenants():
            key = user.department_id
            tree = Department.objects.filter(
                Q(path__startswith=f"{key}/") | Q(path__contains=f"/{key}/"), tenant=user.tenant_id
            )
            below = own | frozenset(tree.order_by().values_list("pk", flat=True))
    chosen: defaultdict[int, set[int]] = defaultdict(set)
    if Scope.CUSTOM in scopes:
        links = Role.departments.through.objects.filter(role__in=roles)
        for role, department in links.values_list("role", "department"):
            chosen[role].add(department)
    reached = {Scope.DEPARTMENT: own, Scope.DEPARTMENT_TREE: below}
    return {
        role.pk: frozenset(chosen[role.pk])
        if role.scope == Scope.CUSTOM
        else reached.get(Scope(role.scope), frozenset())
        for role in roles
    }
