"""What a tenant may use and has used. Spending is one conditional UPDATE: of two callers that want
the last one, one gets it."""

from collections.abc import Callable

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.limits import limit_of
from chatplatform.tenants.metrics import MONTHLY, Metric
from chatplatform.tenants.models import Tenant, UsageCounter

logger = structlog.get_logger(__name__)

Count = Callable[[Tenant], int]
_counts: dict[Metric, Count] = {}


class QuotaExhausted(PermissionRefused):
    """`metric` and `limit` are members of the problem document."""

    code = "quota_exhausted"
    title = _("Your plan's limit is reached.")

    def __init__(self, metric: Metric, limit: int) -> None:
        told = _("Your plan's limit is reached: %(limit)s, %(metric)s.")
        detail = told % {"limit": limit, "metric": metric.label}
        super().__init__(detail, metric=metric.value, limit=limit)


def counted_by(metric: Metric, count: Count) -> None:
    """Register who counts what a tenant has of a metric that is limited for good.

    Called from AppConfig.ready. `count` runs in the tenant's scope: where a counter begins.
    """
    _counts[metric] = count


def limit(tenant: Tenant, metric: Metric) -> int | None:
    """The most this tenant may use, in the metric's unit; None: as much as it likes.

    Asks the database only for a plan that was not fetched with the tenant.
    """
    return limit_of(tenant, metric)


def spend(*, tenant: Tenant, metric: Metric, amount: int = 1) -> None:
    """Count, before the caller writes what it is for and in her transaction; else QuotaExhausted.

    One conditional UPDATE. Only a metric's (or a month's) first use also makes its counter.
    """
    most = limit_of(tenant, metric)
    with tenant_scope(tenant):
        spent = _add(tenant, metric, amount, most)
        if not spent:
            _begin(tenant, metric)
            spent = _add(tenant, metric, amount, most)
    if not spent and most is not None:
        raise QuotaExhausted(metric, most)


def count(*, tenant: Tenant, metric: Metric, amount: int) -> None:
    """Count what is known only after it was used, also beyond the limit; ask `is_left` before."""
    with tenant_scope(tenant):
        if not _add(tenant, metric, amount, None):
            _begin(tenant, metric)
            _add(tenant, metric, amount, None)


def give_back(*, tenant: Tenant, metric: Metric, amount: int = 1) -> None:
    """Count what is no longer used, in the caller's transaction; never below nothing."""
    with tenant_scope(tenant):
        rows = _counter(tenant, metric)
        if not rows.filter(value__gte=amount).update(value=F("value") - amount):
            rows.update(value=0)


def is_left(tenant: Tenant, metric: Metric) -> bool:
    """Whether anything is left, one query at most; someone else may be faster with it."""
    most = limit_of(tenant, metric)
    if most is None:
        return True
    with tenant_scope(tenant):
        return most > 0 and not _counter(tenant, metric).filter(value__gte=most).exists()


@transaction.atomic
def tell_exhausted(*, tenant: Tenant, metric: Metric) -> bool:
    """Write for administrators that a metric is used up, once a period; whether this was it."""
    with tenant_scope(tenant):
        _begin(tenant, metric)
        unsaid = _counter(tenant, metric).filter(exhausted_at=None)
        if not unsaid.update(exhausted_at=timezone.now()):
            return False
        most = limit_of(tenant, metric)
        data = {"metric": metric.value, "limit": most, "period": period_of(metric)}
        audit.record(
            tenant=tenant, actor=SYSTEM, action="quota.exhaust", target=metric.value, data=data
        )
    transaction.on_commit(lambda: logger.warning("quota_exhausted", tenant=tenant.slug, **data))
    return True


@transaction.atomic
def count_again(*, tenant: Tenant) -> None:
    """Set the counters to what there is, after rows were written past the services."""
    with tenant_scope(tenant):
        for metric, count in _counts.items():
            _begin(tenant, metric)
            counter = _counter(tenant, metric).select_for_update().get()  # spenders wait from here
            counter.value = count(tenant)
            counter.save(update_fields=["value"])


def counted(tenant: Tenant, metric: Metric) -> int:
    """What there is of a metric whose counter has not begun, in the tenant's scope."""
    return _counts[metric](tenant) if metric in _counts else 0


def period_of(metric: Metric) -> str:
    """The month "2026-11" (UTC), or "" for what is limited for good."""
    return timezone.now().strftime("%Y-%m") if metric in MONTHLY else ""


def _counter(tenant: Tenant, metric: Metric) -> QuerySet[UsageCounter]:
    rows: QuerySet[UsageCounter] = UsageCounter.objects.filter(
        tenant=tenant, metric=metric, period=period_of(metric)
    )
    return rows


def _add(tenant: Tenant, metric: Metric, amount: int, most: int | None) -> bool:
    rows = _counter(tenant, metric)
    if most is not None:
        rows = rows.filter(value__lte=most - amount)
    return bool(rows.update(value=F("value") + amount))


def _begin(tenant: Tenant, metric: Metric) -> None:
    """Make the counter if there is none; of two who do so at once, one succeeds and both go on."""
    if _counter(tenant, metric).exists():
        return
    value = counted(tenant, metric)
    row = UsageCounter(tenant=tenant, metric=metric, period=period_of(metric), value=value)
    UsageCounter.objects.bulk_create([row], ignore_conflicts=True)
