"""The second factor: an app's codes, security keys, recovery codes; and who can't do without."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest

from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in import sign_ins
from chatplatform.accounts.signing_in.login_lock import seconds_locked
from chatplatform.accounts.signing_in.login_log import LoginLog
from chatplatform.audit import services as audit
from chatplatform.kernel.requests import client_address
from chatplatform.protection.encryption import decrypt, encrypt

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Keeps the secrets of codes as ciphertext; shows the user name, which is unique."""

    def get_totp_label(self, user: User) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        """For the page itself, which loads no `data:` images."""
        drawing: str = super().build_totp_svg(url)
        return drawing.partition("?>")[2]

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, where="A second factor")


def has_second_factor(user: User) -> bool:
    """Whether she has any; signing in then asks for it, on pages and in the API."""
    return bool(is_mfa_enabled(user, FACTORS))


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this installation wants a second factor of its administrators, and she has none."""
    user = request.user
    if not settings.ADMIN_NEEDS_SECOND_FACTOR or not isinstance(user, User):
        return False
    known = vars(request)  # the admin asks several times a page
    if "_has_second_factor" not in known:
        known["_has_second_factor"] = has_second_factor(user)
    return not known["_has_second_factor"]


def note_wrong_code(*, request: HttpRequest, user: User, **_: Any) -> None:
    """Receiver: it counts for the lock, and who is locked begins again with the password."""
    sign_ins.note_failure(
        request,
        username=user.username,
        user=user,
        reason=LoginLog.Reason.WRONG_CODE,
        method=LoginLog.Method.SECOND_FACTOR,
    )
    if seconds_locked(username=user.username, address=client_address(request)):
        clear_login(request)


def record_change(*, signal: Signal, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Receiver: somebody added, removed or renewed a factor of hers."""
    if user.tenant is not None:
        audit.record(
            tenant=user.tenant,
            actor=actor_of(user),
            action=_ACTIONS[signal],
            target=user.username,
            data={"kind": str(authenticator.type)},
        )


_ACTIONS = {
    authenticator_added: "user.second_factor_add",
    authenticator_removed: "user.second_factor_remove",
    authenticator_reset: "user.second_factor_renew",
}


def watch() -> None:
    """Hear what happens to factors; called from AppConfig.ready."""
    authentication_failed.connect(note_wrong_code, dispatch_uid="sign-in log")
    for signal in _ACTIONS:
        signal.connect(record_change, dispatch_uid="audit")
