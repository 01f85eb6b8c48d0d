"""What models took, by day and provider."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from chatbot.assistant.providers.models import ModelCall
from chatbot.assistant.providers.purposes import CallStatus


@dataclass(frozen=True)
class DaySum:
    """One provider's calls of a day (UTC), in one currency."""

    day: date
    provider: str
    model: str
    calls: int
    failed: int
    tokens_in: int
    tokens_out: int
    cost: Decimal
    currency: str


def day_sums(calls: QuerySet[ModelCall], days: int) -> list[DaySum]:
    """Of the last so many days, the newest first. One query."""
    since = timezone.now() - timedelta(days=days)
    fine = Q(status__in=[CallStatus.OK, CallStatus.CANCELLED])
    rows = (
        calls.filter(created_at__gte=since)
        .order_by()
        .annotate(day=TruncDate("created_at"))
        .values("day", "provider_name", "model", "currency")
        .annotate(
            calls=Count("pk"),
            failed=Count("pk", filter=~fine),
            read=Sum("tokens_in"),
            written=Sum("tokens_out"),
            price=Sum("cost"),
        )
        .order_by("-day", "provider_name", "model", "currency")
    )
    return [
        DaySum(
            day=row["day"],
            provider=row["provider_name"],
            model=row["model"],
            calls=row["calls"],
            failed=row["failed"],
            tokens_in=row["read"],
            tokens_out=row["written"],
            cost=row["price"],
            currency=row["currency"],
        )
        for row in rows
    ]


def totals(sums: list[DaySum]) -> dict[str, Decimal]:
    """What all of it cost, by currency."""
    found: dict[str, Decimal] = {}
    for each in sums:
        if each.cost:
            found[each.currency] = found.get(each.currency, Decimal(0)) + each.cost
    return found
