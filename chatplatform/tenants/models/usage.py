from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned
from chatplatform.tenants.metrics import Metric


class UsageCounter(TenantOwned):
    """How much of a metric a tenant has used; only tenants/quotas.py counts.

    `period` is the month "2026-11" of what is limited a month, "" of what is limited for good.
    """

    metric = models.CharField(_("what"), max_length=32, choices=Metric.choices)
    period = models.CharField(_("month"), max_length=7, blank=True)
    value = models.PositiveBigIntegerField(_("used"), default=0)
    exhausted_at = models.DateTimeField(_("used up"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("usage")
        verbose_name_plural = _("usage")
        ordering = ["-period", "metric"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "metric", "period"], name="usage_once_per_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.period}".strip()
