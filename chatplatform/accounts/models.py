from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.login_log import LoginLog
from chatplatform.accounts.narrowing import Narrowed
from chatplatform.accounts.sso_connections import SsoConnection
from chatplatform.tenants.models import Department, Position, Tenant

__all__ = ["LoginLog", "SsoConnection", "User"]


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
    language = models.CharField(_("language"), max_length=16, blank=True)
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

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def public_name(self) -> str:
        """The name customers and colleagues see."""
        return self.display_name or self.get_full_name() or self.username

    @property
    def may_sign_in(self) -> bool:
        """Neither the account nor its company is switched off."""
        suspended = self.tenant is not None and self.tenant.status == Tenant.Status.SUSPENDED
        return self.is_active and not suspended
