from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.callers.narrowing import Narrowed
from chatplatform.accounts.presence.models import Presence
from chatplatform.accounts.signing_in.login_log import LoginLog
from chatplatform.accounts.single_sign_on.connections import SsoConnection
from chatplatform.kernel.visibility import Visibility, visible
from chatplatform.tenants.models import Department, Position, Tenant
from chatplatform.tenants.selectors import open_tenants

__all__ = ["LoginLog", "Presence", "SsoConnection", "User", "may_sign_in"]


class UserManager(DjangoUserManager["User"]):
    """People of every tenant: signing in asks before a tenant is known. Lists ask `visible_to`."""

    use_in_migrations = False

    def visible_to(self, user: "User") -> models.QuerySet["User"]:
        """Those whom this user may see."""
        return visible(self.get_queryset(), user)


class User(Narrowed, AbstractUser):  # type: ignore[django-manager-missing]  # the keys' is Any
    """Someone who signs in. Without a tenant: an operator of the installation."""

    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("tenant"),
    )
    display_name = models.CharField(
        _("display name"), max_length=80, blank=True, help_text=_("What customers see.")
    )
    language = models.CharField(
        _("language"),
        max_length=16,
        blank=True,
        choices=[("", _("the browser's")), *settings.LANGUAGES],
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("department"),
    )
    position = models.ForeignKey(
        Position,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="holders",
        verbose_name=_("position"),
    )

    objects: ClassVar[UserManager] = UserManager()
    visibility = Visibility(
        owner="pk", department="department", constraints=("language", "position")
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # Signing in takes any case: of two who differ in nothing else, neither would get in.
            models.UniqueConstraint(
                Lower("username"),
                name="username_in_any_case",
                violation_error_message=_("A user with that username already exists."),
            )
        ]

    @property
    def public_name(self) -> str:
        """The name customers and colleagues see."""
        return self.display_name or self.get_full_name() or self.username

    @property
    def may_sign_in(self) -> bool:
        """Neither the account nor its company is switched off; of a company that has expired only
        those who administer it come in."""
        if self.tenant is None or not self.is_active:
            return self.is_active
        suspended = self.tenant.status == Tenant.Status.SUSPENDED
        return not suspended and (self.is_staff or not self.tenant.is_expired)


def may_sign_in() -> Q:
    """`User.may_sign_in` as a condition."""
    administers = Q(is_staff=True, tenant__status=Tenant.Status.ACTIVE)
    return Q(is_active=True) & (Q(tenant=None) | open_tenants("tenant__") | administers)
