from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from chatplatform.accounts.models import User


class TenantBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Signs in by user name. Whoever may not sign in is signed out: sessions and access tokens of a
    disabled user or a closed tenant end at once."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return isinstance(user, User) and user.may_sign_in

    def get_user(self, user_id: Any) -> User | None:
        """Called on every request of a signed-in user; one query, tenant and plan included."""
        try:  # not first(): it would put one row in order
            user = User.objects.select_related("tenant__plan").get(pk=user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """None from here: roles give them (chatplatform/roles/backends.py)."""
        return set()
