from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import Timestamped


class Tenant(Timestamped):
    """A company or shop: owner of every row, and the name of one event log."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")

    slug = models.CharField(
        _("slug"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$")],
        help_text=_(
            "Lower-case letters, digits and hyphens. Names the tenant in addresses and logs."
        ),
    )
    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(
        _("status"), max_length=16, choices=Status.choices, default=Status.ACTIVE
    )
    default_language = models.CharField(_("language"), max_length=16, default="zh-hans")
    wait_timeout = models.PositiveIntegerField(
        _("waiting limit (s)"),
        default=300,
        help_text=_("A customer who waited this long for a person goes back to the AI."),
    )
    idle_timeout = models.PositiveIntegerField(
        _("idle limit (s)"),
        default=1200,
        help_text=_("A conversation without a message for this long is closed."),
    )

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
