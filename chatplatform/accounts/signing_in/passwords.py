"""Changing a password ends every other session of its owner."""

from allauth.headless.account.inputs import ChangePasswordInput, LoginInput
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.callers.sessions import end_sign_ins
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit


@transaction.atomic
def change(*, user: User, password: str, by: User, keep: SessionBase | None = None) -> None:
    """Keep a password that was validated before; `keep` is the session that may go on."""
    user.set_password(password)
    user.save(update_fields=["password"])
    note_change(user=user, by=by, keep=keep)


@transaction.atomic
def note_change(*, user: User, by: User, keep: SessionBase | None = None) -> None:
    """What follows a new password: an audit line, and the end of what the old one opened."""
    end_sign_ins(user=user, by=by, keep=keep.session_key if keep else None)
    if user.tenant is not None:
        audit.record(
            tenant=user.tenant,
            actor=actor_of(by),
            action="user.password_change",
            target=user.username,
        )


def count_as_typed() -> None:
    """Blanks around a password belong to it: pages know that, allauth's API would drop them."""
    LoginInput.base_fields["password"].strip = False
    for name in ("current_password", "new_password"):
        ChangePasswordInput.base_fields[name].strip = False
