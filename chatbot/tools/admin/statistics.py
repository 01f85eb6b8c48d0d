"""How a tool's calls went lately: for many tools at once, by one query."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from chatbot.tools.choices import CallStatus
from chatbot.tools.models import ToolCall

DAYS = 7
_MOST = 5_000  # calls looked at, the latest ones
_ENDED = (CallStatus.OK, CallStatus.FAILED, CallStatus.UNCERTAIN)


@dataclass(frozen=True)
class Statistics:
    """`success` 0..1 of the calls that ran; `p95` milliseconds; None where none ran."""

    calls: int
    success: float | None = None
    p95: int | None = None


def lately(tools: Collection[int]) -> dict[int, Statistics]:
    """By the tool's key, for every one of them."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = ToolCall.objects.filter(tool__in=tools, created_at__gt=since, status__in=_ENDED)
    ran: defaultdict[int, list[tuple[str, int | None]]] = defaultdict(list)
    latest = rows.order_by("-pk").values_list("tool", "status", "latency_ms")
    for tool, status, milliseconds in latest[:_MOST]:
        ran[tool].append((status, milliseconds))
    return {tool: _counted(ran[tool]) for tool in tools}


def _counted(ran: list[tuple[str, int | None]]) -> Statistics:
    if not ran:
        return Statistics(0)
    good = sum(status == CallStatus.OK for status, _ms in ran)
    times = sorted(ms for _status, ms in ran if ms is not None)
    p95 = times[min(len(times) - 1, round(len(times) * 0.95))] if times else None
    return Statistics(len(ran), good / len(ran), p95)
