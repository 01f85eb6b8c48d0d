from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class ModelDay(TenantOwned):
    """What a tenant's calls to one model took on a day (UTC). Stored are the sums of those calls
    whose own rows were removed.
    """

    KEY = ("day", "provider_name", "model", "currency")
    COUNTS = ("calls", "failed", "tokens_in", "tokens_out", "cost")

    day = models.DateField(_("day (UTC)"))
    provider_name = models.CharField(_("model provider"), max_length=80)
    model = models.CharField(_("model"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    calls = models.PositiveIntegerField(_("calls"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    tokens_in = models.PositiveBigIntegerField(_("tokens read"), default=0)
    tokens_out = models.PositiveBigIntegerField(_("tokens written"), default=0)
    cost = models.DecimalField(_("cost"), max_digits=18, decimal_places=6, default=0)

    visibility = Visibility(shared=models.Q())

    class Meta:
        verbose_name = _("day of a model")
        verbose_name_plural = _("days of models")
        ordering = ["-day", "provider_name", "model", "currency"]
        default_permissions = ()  # whoever may see the calls sees their sums
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "day", "provider_name", "model", "currency"],
                name="model_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.provider_name}"

    @property
    def key(self) -> tuple[Any, ...]:
        """The day and whose calls they are, tenants aside."""
        return tuple(getattr(self, name) for name in self.KEY)

    @property
    def counts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.COUNTS}

    def plus(self, other: "ModelDay") -> "ModelDay":
        """Both together, not stored."""
        key = dict(zip(self.KEY, self.key, strict=True))
        counts = {name: count + other.counts[name] for name, count in self.counts.items()}
        return ModelDay(**key, **counts)
