from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
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
    expires_at = models.DateTimeField(
        _("expires"),
        null=True,
        blank=True,
        help_text=_("From then on customers read that the chat is closed."),
    )
    plan = models.ForeignKey(
        "tenants.Plan",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tenants",
        verbose_name=_("plan"),
        help_text=_("Without a plan nothing is limited."),
    )
    limits = models.JSONField(_("own limits"), default=dict, blank=True)  # these beat the plan's
    default_language = models.CharField(
        _("language"), max_length=16, choices=settings.LANGUAGES, default="zh-hans"
    )
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

    # Who may do what has changed: tenants/services/access.py; caches of rights are keyed by it.
    access_version = models.PositiveBigIntegerField(default=1, editable=False)
    departments_made = models.PositiveIntegerField(default=0, editable=False)  # numbers their codes

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether customers are served: neither suspended nor expired."""
        return self.status == self.Status.ACTIVE and not self.is_expired
