"""What a supervisor does with people. Each is one transaction: right, change, history, event."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from chatplatform.accounts import services as accounts
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.callers import sessions
from chatplatform.accounts.callers.narrowing import refuse_keys
from chatplatform.accounts.events import audience, tell_of_change
from chatplatform.accounts.models import User
from chatplatform.accounts.organisation.doors import company_of
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.kernel.visibility import keep_visible
from chatplatform.roles import services as roles_services
from chatplatform.roles.models import Role
from chatplatform.tenants.models import Department, Position
from workbench.people.access import UnknownPerson
from workbench.people.passwords import first_password
from workbench.people.rank import check_manages

KEEP: Final[Any] = object()  # leave it as it is, where None means none


@dataclass(frozen=True)
class Invited:
    """`password` opens the new account; it is told here once, and known nowhere else."""

    person: User
    password: str

    def __repr__(self) -> str:
        return f"<invited {self.person}>"


@transaction.atomic
def change_person(
    *,
    person: User,
    by: User,
    department: Department | None = KEEP,
    position: Position | None = KEEP,
    roles: Collection[Role] = KEEP,
    active: bool = KEEP,
) -> User:
    """Put somebody elsewhere, give her exactly these of the roles that `by` may give, switch her
    account on or off; what is KEEP stays.

    UnknownPerson out of sight, refusals as in rank.py, BeyondOwnRights for roles, LeftScope if `by`
    would not see her any more, QuotaExhausted if no seat is left. Off also signs her out.
    """
    current = _managed(person, by)
    before = audience(current)
    wanted = {"department": department, "position": position, "is_active": active}
    changes = {
        field: value
        for field, value in wanted.items()
        if value is not KEEP and value != getattr(current, field)
    }
    for field, value in changes.items():
        setattr(current, field, value)
    if changes:
        accounts.save_user(user=current, actor=actor_of(by), changed=sorted(changes))
    if roles is not KEEP:
        roles_services.set_roles(user=current, roles=roles, by=by)
    if changes.get("is_active") is False:
        sessions.end_sign_ins(user=current, by=by)  # or they would live again with the account
    _still_seen(current, by)
    tell_of_change(current, before=before)
    return current


@transaction.atomic
def sign_out(*, person: User, by: User) -> int:
    """End every session of hers, with its tokens, streams and sockets; how many there were."""
    current = _managed(person, by)
    ended = sessions.end_sign_ins(user=current, by=by)
    tell_of_change(current)
    return ended


@transaction.atomic
def invite(
    *,
    by: User,
    username: str,
    display_name: str = "",
    department: Department | None = None,
    position: Position | None = None,
    roles: Collection[Role] = (),
) -> Invited:
    """Make an account for somebody new, with a password that she changes herself.

    PermissionRefused without `accounts.add_user`, InvalidInput for a name that is taken, LeftScope
    if `by` could not see her where she would stand, QuotaExhausted if no seat is left.
    """
    refuse_keys(by)
    if not by.has_perm("accounts.add_user"):
        raise PermissionRefused
    password = first_password()
    person = accounts.create_user(
        tenant=company_of(by),
        username=username,
        password=password,
        actor=actor_of(by),
        role="",
        display_name=display_name,
        department=department,
        position=position,
    )
    _still_seen(person, by)
    if roles:
        roles_services.set_roles(user=person, roles=roles, by=by)
    tell_of_change(person)
    return Invited(person, password)


def _managed(person: User, by: User) -> User:
    """The person as she is now, held until the commit."""
    refuse_keys(by)
    seen = User.objects.visible_to(by).filter(pk=person.pk, tenant=by.tenant_id)
    current = seen.select_related("tenant").select_for_update(of=("self",)).first()
    if current is None:
        raise UnknownPerson
    check_manages(by, current)
    return current


def _still_seen(person: User, by: User) -> None:
    # Her reach is remembered by the version that the change has just left behind.
    company_of(by).refresh_from_db(fields=["access_version"])
    keep_visible(person, by)
