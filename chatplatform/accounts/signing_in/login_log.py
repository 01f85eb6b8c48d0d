"""Every attempt to sign in, whoever made it: what the lock counts and administrators read."""

import unicodedata
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chatplatform.kernel.scoping import all_tenants, tenant_scoped
from chatplatform.kernel.visibility import Visibility
from chatplatform.protection.throttling import network_of


class LoginLog(models.Model):
    """One attempt. Never changed. Without a tenant: an operator's, or under a name nobody has."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("password")
        SECOND_FACTOR = "second_factor", _("second factor")
        SINGLE_SIGN_ON = "single_sign_on", _("single sign-on")

    class Reason(models.TextChoices):
        WRONG_PASSWORD = "wrong_password", _("wrong name or password")
        WRONG_CODE = "wrong_code", _("wrong code or key")
        LOCKED = "locked", _("locked after wrong attempts")
        SWITCHED_OFF = "switched_off", _("account or company switched off")
        REFUSED = "refused", _("refused by single sign-on")

    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tenant"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    username = models.CharField(_("username"), max_length=150, blank=True)
    name_key = models.CharField(max_length=64, editable=False)  # finds what `username` only hints
    ok = models.BooleanField(_("signed in"))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, blank=True)
    method = models.CharField(_("method"), max_length=16, choices=Method.choices)
    address = models.CharField(pgettext_lazy("network", "address"), max_length=45, blank=True)
    user_agent = models.CharField(_("browser"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    objects: ClassVar[Any] = tenant_scoped()
    visibility = Visibility(owner="user", department="user__department")

    class Meta:
        verbose_name = _("sign-in attempt")
        verbose_name_plural = _("sign-in attempts")
        ordering = ["-id"]
        indexes = [models.Index(fields=["name_key", "-id"])]

    def __str__(self) -> str:
        return f"{self.username} {self.at:%Y-%m-%d %H:%M}"


def name_key(username: str, address: str) -> str:
    """What attempts have in common: all spellings of a name that signs in the same person, from
    one caller, of whose IPv6 network any address may be his.

    A keyed digest: an unknown "name" is often a password typed into the wrong field.
    """
    folded = unicodedata.normalize("NFKC", username).casefold()
    tried = f"{folded}\0{network_of(address)}"
    return salted_hmac("login log", tried, algorithm="sha256").hexdigest()


def shown_name(username: str, *, known: bool) -> str:
    """The name for people to read; of one that nobody has, two characters."""
    return username[:150] if known else f"{username[:2]}…"


def attempts(*, username: str, address: str) -> QuerySet[LoginLog]:
    """What was tried under this name from this address, the latest first."""
    with all_tenants():
        found: QuerySet[LoginLog] = LoginLog.objects.filter(name_key=name_key(username, address))
    return found.order_by("-id")


def trim(*, keep: timedelta) -> int:
    """Forget the attempts that are older; how many went."""
    with all_tenants():
        return int(LoginLog.objects.filter(at__lt=timezone.now() - keep).delete()[0])
