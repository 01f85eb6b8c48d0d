from typing import Any

from django.contrib.auth.backends import BaseBackend

from chatplatform.accounts.models import User
from chatplatform.roles.rights import rights_of


class RoleBackend(BaseBackend):
    """What someone may do, by her enabled roles. Who she is, other backends say."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not isinstance(user_obj, User) or obj is not None:
            return set()
        return set(rights_of(user_obj).permissions)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return (
            isinstance(user_obj, User) and obj is None and perm in rights_of(user_obj).permissions
        )

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        """Whether she may do anything at all in that app; the admin's index asks."""
        return any(perm.startswith(f"{app_label}.") for perm in rights_of(user_obj).permissions)
