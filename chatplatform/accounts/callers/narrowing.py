"""A user whom a credential represents in part: an API key acts as its owner, within its scopes."""

from typing import Any

from django.contrib.auth.models import PermissionsMixin
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import PermissionRefused


class Narrowed(PermissionsMixin):
    """A user who may do no more than `narrowed_to` says ("app.codename"); None: all she may."""

    narrowed_to: frozenset[str] | None = None

    class Meta:
        abstract = True

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        if self.narrowed_to is not None and perm not in self.narrowed_to:
            return False
        return super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        if self.narrowed_to is None:
            return super().has_module_perms(app_label)
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions())

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        held = super().get_all_permissions(obj)
        return held if self.narrowed_to is None else held & self.narrowed_to


class PeopleOnly(PermissionRefused):
    code = "people_only"
    title = _("Sign in yourself: an API key may not do this.")


def refuse_keys(user: Narrowed) -> None:
    """PeopleOnly if a key calls: what concerns an account itself is its owner's to do."""
    if user.narrowed_to is not None:
        raise PeopleOnly
