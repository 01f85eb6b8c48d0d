"""Who is here, and whether she takes work: what routing and the list of people go by."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility

# A stream is seen every 2 s and written every 10 s (sightings.py); one write may come late.
ONLINE_FOR = timedelta(seconds=25)


class Availability(models.TextChoices):
    """What somebody says of herself."""

    AVAILABLE = "available", _("Available")
    AWAY = "away", _("Away")


class Presence(TenantOwned):
    """One person's. Apart from her account, whose row would be written every ten seconds."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="presence",
        verbose_name=_("person"),
    )
    availability = models.CharField(
        _("availability"),
        max_length=16,
        choices=Availability.choices,
        default=Availability.AVAILABLE,
    )
    seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)

    visibility = Visibility(through="user")

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presence")
        ordering = ["user"]
        default_permissions = ()  # seen with its person, and one's own to change

    def __str__(self) -> str:
        return f"{self.user}: {self.availability}"


def online_since() -> datetime:
    """Whoever was seen after this moment is here."""
    return timezone.now() - ONLINE_FOR
