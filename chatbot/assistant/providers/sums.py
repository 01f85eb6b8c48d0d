"""What models took, by day and provider: of the calls that are kept, and of those that were."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from chatbot.assistant.providers.models import ModelCall, ModelDay
from chatbot.assistant.providers.purposes import CallStatus

_FINE = Q(status__in=[CallStatus.OK, CallStatus.CANCELLED])


def day_sums(calls: QuerySet[ModelCall], kept: QuerySet[ModelDay], days: int) -> list[ModelDay]:
    """Of the last so many days, the newest first, tenants together. Two queries."""
    since = timezone.now() - timedelta(days=days)
    found: dict[tuple[object, ...], ModelDay] = {}
    for each in (
        *sums_of(calls.filter(created_at__gte=since)),
        *kept.filter(day__gt=since.date()),
    ):
        found[each.key] = each.plus(found[each.key]) if each.key in found else each
    return sorted(found.values(), key=lambda each: (-each.day.toordinal(), *each.key))


def sums_of(calls: QuerySet[ModelCall]) -> list[ModelDay]:
    """What these calls took, as days that are not stored. One query."""
    rows = (
        calls.order_by()
        .values("tenant_id", "provider_name", "model", "currency")
        .annotate(
            day=TruncDate("created_at", tzinfo=UTC),
            calls=Count("pk"),
            failed=Count("pk", filter=~_FINE),
            read=Sum("tokens_in"),
            written=Sum("tokens_out"),
            price=Sum("cost"),
        )
    )
    return [
        ModelDay(
            tenant_id=row["tenant_id"],
            day=row["day"],
            provider_name=row["provider_name"],
            model=row["model"],
            currency=row["currency"],
            calls=row["calls"],
            failed=row["failed"],
            tokens_in=row["read"],
            tokens_out=row["written"],
            cost=row["price"],
        )
        for row in rows
    ]


def keep_sums(calls: QuerySet[ModelCall]) -> None:
    """Add what these calls took to the accounts of their days; they are about to be removed."""
    for each in sums_of(calls):
        key = dict(zip(ModelDay.KEY, each.key, strict=True))
        row, made = ModelDay.objects.get_or_create(
            tenant_id=each.tenant_id, **key, defaults=each.counts
        )
        if not made:
            added = {name: F(name) + count for name, count in each.counts.items()}
            ModelDay.objects.filter(pk=row.pk).update(**added)


def totals(sums: Iterable[ModelDay]) -> dict[str, Decimal]:
    """What all of it cost, by currency."""
    found: dict[str, Decimal] = {}
    for each in sums:
        if each.cost:
            found[each.currency] = found.get(each.currency, Decimal(0)) + each.cost
    return found
