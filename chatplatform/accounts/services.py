"""What can happen to an account."""

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.accounts.organisation import places
from chatplatform.accounts.single_sign_on.connections import SsoConnection
from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.input_errors import FieldError
from chatplatform.tenants.models import Department, Position, Tenant

# What history tells of an account; a password is masked, and when she last signed in is not news.
_TOLD = (
    *("username", "display_name", "first_name", "last_name", "email", "language", "password"),
    *("is_active", "is_staff", "is_superuser", "department", "position"),
)


@transaction.atomic
def create_user(
    *,
    tenant: Tenant,
    username: str,
    password: str,
    actor: Actor,
    role: str = "agent",
    display_name: str = "",
    language: str = "",
    department: Department | None = None,
    position: Position | None = None,
) -> User:
    """Give someone of a tenant an account in the group `role` ("": in none).

    InvalidInput on bad values, QuotaExhausted if the plan has no seat left.
    """
    user = User(
        tenant=tenant,
        username=username,
        display_name=display_name,
        language=language,
        department=department,
        position=position,
    )
    user.set_password(password)
    try:
        validate_password(password, user)
        user.full_clean()
    except ValidationError as error:
        raise InvalidInput(errors=_field_errors(error)) from None
    save_user(user=user, actor=actor)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


@transaction.atomic
def save_user(*, user: User, actor: Actor, changed: list[str] | None = None) -> None:
    """Keep a new or changed account. `changed` names what a form changed, groups included.

    QuotaExhausted if the plan has no seat left; InvalidInput if department or position are not the
    company's, or the department is closed.
    """
    action = "user.create" if user._state.adding else "user.change"
    before = stored_values_of(user, *_TOLD)
    user.save(update_fields=places.settle(user))
    audit.record(
        tenant=user.tenant,
        actor=actor,
        action=action,
        target=user.username,
        before=before,
        after=values_of(user, *_TOLD),
        data={"changed": changed} if changed else {},
    )


@transaction.atomic
def change_profile(*, user: User, display_name: str, language: str) -> None:
    """What somebody changes about herself."""
    user.refresh_from_db(fields=places.DECISIVE)  # this copy may be older than her dismissal
    user.display_name, user.language = display_name, language
    save_user(user=user, actor=actor_of(user), changed=["display_name", "language"])


@transaction.atomic
def save_connection(*, connection: SsoConnection, by: User, changed: list[str]) -> None:
    """Keep a new or changed single sign-on; the audit line names fields, and no values."""
    action = "sso.create" if connection._state.adding else "sso.change"
    connection.save()
    audit.record(
        tenant=connection.tenant,
        actor=actor_of(by),
        action=action,
        target=connection.domain,
        data={"changed": changed},
    )


def choose_language(*, user: User, language: str) -> None:
    """Remember which language a user reads; her own matter, so no audit line."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def _field_errors(error: ValidationError) -> list[FieldError]:
    faults = error.error_dict if hasattr(error, "error_dict") else {"password": error.error_list}
    return [
        {"field": name, "code": fault.code or "invalid", "message": " ".join(fault.messages)}
        for name, errors in faults.items()
        for fault in errors
    ]
