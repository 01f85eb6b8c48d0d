"""For tests of those who publish."""

import json
from dataclasses import dataclass
from typing import Any

from realtime.models import Event


@dataclass(frozen=True)
class PublishedEvent:
    offset: int
    type: str
    payload: dict[str, Any]
    channels: list[str]
    source: str


def published(log: str) -> list[PublishedEvent]:
    """The durable events of a log, in order."""
    rows = Event.objects.filter(log__name=log).order_by("offset")
    return [_published(row) for row in rows]


def _published(row: Event) -> PublishedEvent:
    body = json.loads(row.data)
    return PublishedEvent(row.offset, row.type, body["payload"], row.channels, body["source"])
