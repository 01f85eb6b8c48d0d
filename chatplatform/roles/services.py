"""What can happen to roles, to who has them, and to a tenant's menu.

Each is one transaction with its audit line; `access_version` rises with it (changes.py).
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.kernel.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from chatplatform.kernel.visibility import visible
from chatplatform.roles import constraints, limits, menus
from chatplatform.roles.defaults import ROLES
from chatplatform.roles.models import MenuOverride, Role, Scope
from chatplatform.tenants.models import Department, Tenant


class BeyondOwnRights(PermissionRefused):
    code = "beyond_own_rights"
    title = _("Nobody can give more than she has herself.")


class RoleInUse(Conflict):
    code = "role_in_use"
    title = _("People still have this role.")


@transaction.atomic
def save_role(
    *,
    role: Role,
    permissions: Collection[Permission],
    departments: Collection[Department] = (),
    by: User,
) -> Role:
    """Keep a new or changed role with exactly these permissions and, for `custom`, departments.

    InvalidInput for constraints that can't be understood; BeyondOwnRights if it holds, or held,
    more than `by` may give; PermissionRefused for roles that are not of her tenant.
    """
    adding = role._state.adding
    _may_write(role, by, "add" if adding else "change")
    chosen = departments if role.scope == Scope.CUSTOM else ()
    _check(role, chosen)
    before = {} if adding else _described(Role.objects.get(pk=role.pk))
    names = {f"{each.content_type.app_label}.{each.codename}" for each in permissions}
    _must_give(by, names, role.scope, {each.pk for each in chosen})
    role.group = _named_group(role)
    role.save()
    role.group.permissions.set(permissions)
    role.departments.set(chosen)
    _record(role, by, "role.create" if adding else "role.change", before=before)
    return role


@transaction.atomic
def delete_role(*, role: Role, by: User) -> None:
    """Remove a role that nobody has (RoleInUse); the installation's own three stay."""
    _may_write(role, by, "delete")
    if role.tenant_id is None and role.group.name in ROLES:
        raise PermissionRefused(_("This role belongs to the platform. You can switch it off."))
    if User.objects.filter(groups=role.group_id).exists():
        raise RoleInUse
    before = _described(role)
    _record(role, by, "role.delete", before=before, gone=True)
    role.group.delete()


@transaction.atomic
def set_roles(*, user: User, roles: Collection[Role], by: User) -> None:
    """Give a user these of the roles that `by` may give; what is beyond her stays as it was.

    NotFound for a user whom she can't see, BeyondOwnRights for a role that is not hers to give.
    """
    if not (by.has_perm("accounts.change_user") or by.has_perm("accounts.add_user")):
        raise PermissionRefused
    if not visible(User.objects.filter(pk=user.pk), by).exists():
        raise NotFound
    givable = {
        role.group_id: role for role in limits.roles_to_give(by, tenant=user.tenant, to=user)
    }
    wanted = {role.group_id for role in roles}
    held = set(user.groups.values_list("pk", flat=True))
    if not wanted - held <= givable.keys():
        raise BeyondOwnRights
    after = (held - givable.keys()) | wanted
    if after == held:
        return
    user.groups.set(after)
    if user.tenant is not None:
        names = dict(Role.objects.filter(group__in=held | after).values_list("group", "name"))
        audit.record(
            tenant=user.tenant,
            actor=_actor(by),
            action="user.set_roles",
            target=user.username,
            before={"roles": sorted(names[each] for each in held if each in names)},
            after={"roles": sorted(names[each] for each in after if each in names)},
        )


@transaction.atomic
def arrange_menu(
    *, tenant: Tenant, key: str, order: int | None = None, hidden: bool = False, by: User
) -> MenuOverride:
    """Say where a tenant wants a menu entry, or that it wants none. NotFound for an unknown key."""
    if not by.has_perm("roles.change_menuoverride") or by.tenant_id not in (None, tenant.pk):
        raise PermissionRefused
    if key not in menus.declared():
        raise NotFound(_("No menu entry is called so."))
    arranged = {"order": order, "hidden": hidden}
    before = MenuOverride.objects.filter(tenant=tenant, key=key).values(*arranged).first()
    override: MenuOverride = MenuOverride.objects.update_or_create(
        tenant=tenant, key=key, defaults=arranged
    )[0]
    audit.record(
        tenant=tenant,
        actor=_actor(by),
        action="menu.arrange",
        target=key,
        before=before,
        after=arranged,
    )
    return override


def _may_write(role: Role, by: User, verb: str) -> None:
    if not by.has_perm(f"roles.{verb}_role") or (
        by.tenant_id != role.tenant_id if by.tenant_id else not by.is_superuser
    ):
        raise PermissionRefused
    if not role._state.adding:
        kept = Role.objects.get(pk=role.pk)
        held = limits.permissions_of([kept])[kept.pk]
        _must_give(by, held, kept.scope, set(kept.departments.values_list("pk", flat=True)))


def _must_give(by: User, permissions: set[str], scope: str, departments: set[int]) -> None:
    if not limits.may_give(by, permissions=permissions, scope=scope, departments=departments):
        raise BeyondOwnRights


def _check(role: Role, departments: Collection[Department]) -> None:
    try:
        constraints.checked(role.constraints)
    except constraints.Misunderstood as fault:
        where = f"constraints.{fault.key}" if fault.key else "constraints"
        error = {"field": where, "code": fault.code, "message": fault.message}
        raise InvalidInput(fault.message, errors=[error]) from None
    if any(each.tenant_id != role.tenant_id for each in departments):
        error = {"field": "departments", "code": "unknown", "message": str(NotFound.title)}
        raise InvalidInput(errors=[error])
    try:
        role.full_clean(exclude=["group"])
    except ValidationError as fault:
        errors = [
            {"field": name, "code": "invalid", "message": " ".join(messages)}
            for name, messages in fault.message_dict.items()
        ]
        raise InvalidInput(errors=errors) from None


def _named_group(role: Role) -> Group:
    """The role's group; its name is unique in the installation, so a tenant's carries its slug."""
    name = f"{role.tenant.slug}/{role.name}" if role.tenant else role.name
    if role._state.adding:
        return Group.objects.create(name=name)
    if role.tenant is not None and role.group.name != name:
        role.group.name = name
        role.group.save(update_fields=["name"])
    return role.group


def _described(role: Role) -> dict[str, Any]:
    return {
        "name": role.name,
        "scope": role.scope,
        "enabled": role.enabled,
        "constraints": role.constraints,
        "departments": sorted(role.departments.values_list("code", flat=True)),
        "permissions": sorted(limits.permissions_of([role])[role.pk]),
    }


def _record(
    role: Role, by: User, action: str, *, before: dict[str, Any], gone: bool = False
) -> None:
    after = {} if gone else _described(role)
    audit.record(
        tenant=role.tenant,
        actor=_actor(by),
        action=action,
        target=role.name,
        before=before,
        after=after,
    )


def _actor(by: User) -> Actor:
    return Actor("user", str(by.pk), by.get_username())
