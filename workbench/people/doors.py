"""Who may look after people: one answer for pages and API."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotAuthenticated, PermissionRefused
from workbench.desk.doors import entered_by, tenant_of


def reader_of(user: User | AnonymousUser | None) -> User:
    """The user, who may look at people; else NotAuthenticated or PermissionRefused."""
    if not isinstance(user, User):
        raise NotAuthenticated
    tenant_of(user)
    if not user.has_perm("accounts.view_user"):
        raise PermissionRefused(_("Your account may not look after people."))
    return user


readers_only = entered_by(reader_of)
