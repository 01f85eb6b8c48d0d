"""Whoever changes rights, by whatever door, raises the tenant's `access_version`: what is
remembered under the old one is not asked for again, and open streams are asked for their rights."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save

from chatplatform.accounts.models import User
from chatplatform.roles.models import Role
from chatplatform.tenants.models import Tenant

# Fields of a user that her rights follow from.
DECISIVE = frozenset({"department", "tenant", "is_active", "is_superuser"})


def listen() -> None:
    """Called once, from AppConfig.ready."""
    post_save.connect(_role_changed, Role, dispatch_uid="roles")
    post_delete.connect(_role_changed, Role, dispatch_uid="roles")
    post_save.connect(_user_changed, User, dispatch_uid="roles")
    m2m_changed.connect(_departments_changed, Role.departments.through, dispatch_uid="roles")
    m2m_changed.connect(_permissions_changed, Group.permissions.through, dispatch_uid="roles")
    m2m_changed.connect(_groups_changed, User.groups.through, dispatch_uid="roles")


def _role_changed(instance: Role, **_: Any) -> None:
    _bump_of_role(instance)


def _user_changed(
    instance: User, created: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    if created or (update_fields is not None and not DECISIVE & update_fields):
        return
    instance.__dict__.pop("_rights", None)
    _bump(instance.tenant_id)


def _departments_changed(instance: Any, action: str, reverse: bool, **_: Any) -> None:
    if action.startswith("post_"):
        _bump_all() if reverse else _bump_of_role(instance)


def _permissions_changed(instance: Any, action: str, reverse: bool, **_: Any) -> None:
    if not action.startswith("post_"):
        return
    role = None if reverse else Role.objects.filter(group=instance).first()
    if role is not None:
        _bump_of_role(role)
    elif reverse:
        _bump_all()


def _groups_changed(
    instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_: Any
) -> None:
    if not action.startswith("post_"):
        return
    if not reverse:
        instance.__dict__.pop("_rights", None)
        _bump(instance.tenant_id)
    elif pk_set is None:
        _bump_all()
    else:
        for tenant in set(User.objects.filter(pk__in=pk_set).values_list("tenant", flat=True)):
            _bump(tenant)


def _bump_of_role(role: Role) -> None:
    _bump(role.tenant_id) if role.tenant_id else _bump_all()


def _bump(tenant: int | None) -> None:
    if tenant is None:
        return  # an operator's rights are not remembered
    Tenant.objects.filter(pk=tenant).update(access_version=F("access_version") + 1)


def _bump_all() -> None:
    Tenant.objects.update(access_version=F("access_version") + 1)
