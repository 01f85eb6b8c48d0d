from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.internal.httpkit import is_headless_request
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase

from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in import passwords, sign_ins
from chatplatform.accounts.signing_in.login_lock import TooManyAttempts
from chatplatform.accounts.signing_in.login_log import LoginLog
from chatplatform.kernel.requests import client_address

LONGEST_NAME = 150  # of its column
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - nobody listens there: a session's row must name an address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts are made by administrators; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or NO_ADDRESS

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before any password is looked at, at login and when it is asked for again."""
        username = credentials.get("username", "")
        if len(username) > LONGEST_NAME:  # nobody's, and SQLite compares no text of 50,000
            raise self.validation_error("username_password_mismatch")
        try:
            sign_ins.ensure_unlocked(request, username=username)
        except TooManyAttempts as locked:
            if is_headless_request(request):
                raise
            raise ValidationError(locked.detail, code=locked.code) from None
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_ins.note_failure(
            request,
            username=credentials.get("username", ""),
            reason=LoginLog.Reason.WRONG_PASSWORD,
        )

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase | None:
        """allauth itself only looks whether the user is active."""
        if not user.may_sign_in:
            method = _method(request, user)
            clear_login(request)
            sign_ins.note_failure(
                request,
                username=user.username,
                user=user,
                reason=LoginLog.Reason.SWITCHED_OFF,
                method=method,
            )
            refused: HttpResponseBase = self.respond_user_inactive(request, user)
            return refused
        going_on: HttpResponseBase | None = super().pre_login(request, user, **kwargs)
        return going_on

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        """She is in, second factor and all."""
        sign_ins.note_success(request, user=user, method=_method(request, user))
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        return response

    def set_password(self, user: User, password: str) -> None:
        """She chose a new one herself; the page's own session goes on."""
        passwords.change(user=user, password=password, by=user, keep=self.request.session)


def _method(request: HttpRequest, user: User) -> str:
    used = {record["method"] for record in get_authentication_records(request, user)}
    if "socialaccount" in used:
        return LoginLog.Method.SINGLE_SIGN_ON
    return LoginLog.Method.SECOND_FACTOR if "mfa" in used else LoginLog.Method.PASSWORD
