from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.http import HttpRequest, HttpResponseBase

from chatplatform.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts are made by administrators; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase | None:
        """allauth itself only looks whether the user is active."""
        if not user.may_sign_in:
            clear_login(request)
            refused: HttpResponseBase = self.respond_user_inactive(request, user)
            return refused
        going_on: HttpResponseBase | None = super().pre_login(request, user, **kwargs)
        return going_on
