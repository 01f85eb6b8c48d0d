"""Why a user may see a row, or may not: the rule of policy.py, taken apart."""

from typing import Any

from django.db import models
from django.db.models import Q

from chatplatform.accounts.models import User
from chatplatform.roles.constraints import Misunderstood, of_model
from chatplatform.roles.models import Role, Scope
from chatplatform.roles.policy import Decider, decider_of, led_to
from chatplatform.roles.rights import RoleRights, rights_of
from chatplatform.roles.shapes import ConstraintOut, ExplanationOut, RoleReasonOut


def explain(user: User, row: models.Model, *, permission: str | None = None) -> ExplanationOut:
    """The same answer as `visible_to` and `has_perm`, with its reasons. Some queries a role."""
    decider = decider_of(type(row))
    roles = _of_enabled(user, row, decider, permission) if decider else []
    reason = _reason(user, decider, roles)
    if reason in ("role", "superuser", "tenant_wide") and permission:
        reason = reason if user.has_perm(permission) else "no_permission"
    return ExplanationOut(
        user=user.username,
        object=f"{row._meta.label_lower}:{_known_by(row)}",
        permission=permission,
        allowed=reason in ("role", "superuser", "tenant_wide"),
        reason=reason,
        decided_by=decider.label if decider else None,
        roles=[*roles, *_of_disabled(user)],
    )


def _reason(user: User, decider: Decider | None, roles: list[RoleReasonOut]) -> str:
    if not user.is_active:
        return "inactive"
    if user.is_superuser:
        return "superuser"
    if decider is None:
        return "tenant_wide"
    if any(role.shows for role in roles):
        return "role"
    if not any(role.concerns for role in roles):
        return "no_role"
    reached = any(role.concerns and role.reach for role in roles)
    return "constraint" if reached else "out_of_reach"


def _of_enabled(
    user: User, row: models.Model, decider: Decider, permission: str | None
) -> list[RoleReasonOut]:
    return [_of_role(role, user, row, decider, permission) for role in rights_of(user).roles]


def _of_role(
    role: RoleRights, user: User, row: models.Model, decider: Decider, permission: str | None
) -> RoleReasonOut:
    concerns = bool(role.models & decider.labels)
    reach = _reach(role, user, row, decider)
    constraints = _constraints(role, user, row, decider)
    return RoleReasonOut(
        role=role.name,
        enabled=True,
        scope=role.scope,
        concerns=concerns,
        permits=permission in role.permissions if permission else None,
        reach=reach,
        constraints=constraints,
        shows=concerns and reach is not None and all(each.holds for each in constraints),
    )


def _reach(role: RoleRights, user: User, row: models.Model, decider: Decider) -> str | None:
    if role.scope == Scope.ALL:
        return "all"
    visibility = decider.visibility
    parts = {
        "owner": visibility.owned_by(user.pk),
        "department": visibility.of_departments(role.departments),
        "shared": visibility.shared,
    }
    return next((name for name, part in parts.items() if _holds(part, row, decider)), None)


def _constraints(
    role: RoleRights, user: User, row: models.Model, decider: Decider
) -> list[ConstraintOut]:
    try:
        found = of_model(role.constraints, decider.label)
    except Misunderstood as fault:  # gives nothing, and says so
        return [ConstraintOut(field=fault.key, operator=fault.code, value=None, holds=False)]
    return [
        ConstraintOut(
            field=each.field,
            operator=each.operator,
            value=each.value,
            holds=_holds(each.condition(user), row, decider),
        )
        for each in found
    ]


def _holds(condition: Q | None, row: models.Model, decider: Decider) -> bool:
    if condition is None:
        return False
    same = type(row)._default_manager.filter(pk=row.pk)
    return same.filter(led_to(condition, decider.path)).exists()


def _of_disabled(user: User) -> list[RoleReasonOut]:
    roles = Role.objects.filter(group__user=user, enabled=False).order_by("pk")
    return [
        RoleReasonOut(
            role=role.name,
            enabled=False,
            scope=Scope(role.scope),
            concerns=False,
            permits=None,
            reach=None,
            constraints=[],
            shows=False,
        )
        for role in roles
    ]


def _known_by(row: models.Model) -> Any:
    return getattr(row, "username", None) or getattr(row, "name", None) or row.pk
