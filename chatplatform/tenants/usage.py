"""How far a tenant is with what its plan allows."""

from dataclasses import dataclass
from datetime import datetime

from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import RATES, Metric
from chatplatform.tenants.models import Tenant, UsageCounter


@dataclass(frozen=True)
class Usage:
    """`used` and `limit` are in the metric's unit; `used` is None for a rate, `limit` for none.

    `period` is the month "2026-11", or "" of what is limited for good.
    """

    metric: Metric
    used: int | None
    limit: int | None
    period: str
    exhausted_at: datetime | None

    @property
    def percentage(self) -> int | None:
        """0 to 100, or more after a limit was lowered; None where nothing is limited or counted."""
        return percentage(self.used, self.limit)


def usage_of(tenant: Tenant) -> list[Usage]:
    """Every metric, in their order, for the present period."""
    with tenant_scope(tenant):
        counters = {
            (counter.metric, counter.period): counter
            for counter in UsageCounter.objects.filter(
                tenant=tenant, period__in={quotas.period_of(metric) for metric in Metric}
            )
        }
        return [
            _usage(tenant, metric, counters.get((metric.value, quotas.period_of(metric))))
            for metric in Metric
        ]


def percentage(used: int | None, limit: int | None) -> int | None:
    """`used` of `limit` in whole per cent, rounded down; nothing of nothing is all of it."""
    if used is None or limit is None:
        return None
    return used * 100 // limit if limit else 100


def _usage(tenant: Tenant, metric: Metric, counter: UsageCounter | None) -> Usage:
    used = counter.value if counter else quotas.counted(tenant, metric)
    return Usage(
        metric=metric,
        used=None if metric in RATES else used,
        limit=quotas.limit(tenant, metric),
        period=quotas.period_of(metric),
        exhausted_at=counter.exhausted_at if counter else None,
    )
