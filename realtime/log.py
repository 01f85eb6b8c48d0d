"""The log: the only truth about what happened, in which order."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F

from realtime.frames import Frame
from realtime.models import Event, Log, new_epoch

# Databases that give back what an UPDATE wrote, in the same round trip.
RETURNING = {"postgresql", "sqlite"}
_ADVANCE = """
    UPDATE realtime_log SET "offset" = "offset" + 1 WHERE name = %s RETURNING id, epoch, "offset"
"""
_POSITION = re.compile(r"([0-9a-f]{1,16})-(\d{1,18})", re.ASCII)


class Position(NamedTuple):
    """A reader's whole position: one number in one life of one log. Written `epoch-offset`."""

    epoch: str
    offset: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.offset}"

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """The position, or None if the text is not one."""
        match = _POSITION.fullmatch(text)
        return cls(match[1], int(match[2])) if match else None


class Head(NamedTuple):
    """A log as a reader needs it: where it ends, and below which offset nothing is left."""

    epoch: str
    offset: int
    floor: int


def append(log: str, *, type: str, channels: list[str], data: str) -> Frame:
    """Append inside the caller's transaction; holds the log's row until it commits.

    The UPDATE comes first: it takes the row lock on every database; what is read then is ours.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "append an event inside the transaction of its change"
        )
    taken = _next_offset(log)
    if taken is None:
        _create(log)
        taken = _next_offset(log)
        assert taken is not None  # noqa: S101 - logs are never deleted
    pk, epoch, offset = taken
    Event.objects.create(log_id=pk, offset=offset, type=type, channels=channels, data=data)
    return Frame.durable(log, epoch, offset, type, tuple(channels), data)


def head(log: str) -> Head:
    """Where the log ends now. Creates the log if it is new."""
    found = heads([log])
    if log not in found:
        _create(log)
        found = heads([log])
    return found[log]


def heads(logs: Iterable[str]) -> dict[str, Head]:
    """The heads of those logs that exist, in one query."""
    rows = Log.objects.filter(name__in=list(logs)).values_list("name", "epoch", "offset", "floor")
    return {name: Head(epoch, offset, floor) for name, epoch, offset, floor in rows}


def position(log: str) -> str:
    """The head as text. Read it *before* the state you answer with: then no event is missed."""
    now = head(log)
    return str(Position(now.epoch, now.offset))


def read_after(log: str, epoch: str, offset: int, *, limit: int = 500) -> list[Frame]:
    """The events after `offset` in order, `limit` at most."""
    rows = (
        Event.objects.filter(log__name=log, log__epoch=epoch, offset__gt=offset)
        .order_by("offset")
        .values_list("offset", "type", "channels", "data")[:limit]
    )
    return [
        Frame.durable(log, epoch, at, type, tuple(names), data) for at, type, names, data in rows
    ]


def trim(log: str, *, before: datetime, batch: int = 1000) -> int:
    """Forget events older than `before`; returns how many. A reader below the floor is reset."""
    trimmed = 0
    while True:
        with transaction.atomic():
            old = Event.objects.filter(log__name=log, created_at__lt=before).order_by("offset")
            offsets = list(old.values_list("offset", flat=True)[:batch])
            if not offsets:
                return trimmed
            # The floor rises with the deletion, in one commit: readers never meet a silent hole.
            Log.objects.filter(name=log, floor__lt=offsets[-1]).update(floor=offsets[-1])
            trimmed += Event.objects.filter(log__name=log, offset__lte=offsets[-1]).delete()[0]


def renew_epoch(log: str, *, epoch: str) -> bool:
    """Begin a new life of a log that went backwards (a restored backup); once, whoever notices."""
    return bool(Log.objects.filter(name=log, epoch=epoch).update(epoch=new_epoch()))


def _next_offset(log: str) -> tuple[int, str, int] | None:
    """Take the log's next offset: its key, epoch and that offset; None if there is no such log."""
    connection = transaction.get_connection()
    if connection.vendor in RETURNING:
        with connection.cursor() as cursor:
            cursor.execute(_ADVANCE, [log])
            row: tuple[int, str, int] | None = cursor.fetchone()
            return row
    if not Log.objects.filter(name=log).update(offset=F("offset") + 1):
        return None
    return Log.objects.values_list("pk", "epoch", "offset").get(name=log)


def _create(log: str) -> None:
    try:
        with transaction.atomic():
            Log.objects.create(name=log)
    except IntegrityError:  # another process was first
        return
