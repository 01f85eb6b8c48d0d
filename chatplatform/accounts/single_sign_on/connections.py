"""Companies whose people sign in at their own OpenID Connect provider."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.ids import public_id
from chatplatform.kernel.models import TenantOwned, Timestamped
from chatplatform.kernel.scoping import all_tenants
from chatplatform.protection.encryption import EncryptedTextField
from chatplatform.tenants.models import Tenant


def _secure_address(value: str) -> None:
    if urlsplit(value).scheme != "https" and not settings.DEBUG:
        raise ValidationError(_("The address must begin with https://."))


class SsoConnection(TenantOwned, Timestamped):
    """One company's provider: whoever signs in there becomes a user of this tenant, of no other.

    `name` is part of the callback address that the provider knows, and of its users' identities.
    """

    name = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    domain = models.CharField(
        _("domain"),
        max_length=253,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$")],
        help_text=_("What people type to be sent there: example.com."),
    )
    issuer = models.CharField(
        _("issuer"),
        max_length=200,
        validators=[URLValidator(schemes=["https", "http"]), _secure_address],
        help_text=_("The provider's address; below it lies .well-known/openid-configuration."),
    )
    client_id = models.CharField(_("client id"), max_length=191)
    client_secret = EncryptedTextField(_("client secret"), blank=True)
    default_role = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("first role"),
        help_text=_("Of people who sign in for the first time."),
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("single sign-on")
        verbose_name_plural = _("single sign-on")
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain


def open_connection(**by: Any) -> SsoConnection | None:
    """The enabled connection of that `domain` or `name`, if its company is not suspended."""
    with all_tenants():
        connection: SsoConnection | None = (
            SsoConnection.objects.select_related("tenant", "default_role")
            .filter(is_enabled=True, tenant__status=Tenant.Status.ACTIVE, **by)
            .first()
        )
    return connection
