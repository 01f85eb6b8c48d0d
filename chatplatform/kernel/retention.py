"""Rows that are kept for a while: each room says which and how long, one job removes the old."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, models, transaction
from django.utils import timezone

logger = structlog.get_logger(__name__)

BATCH = 500  # rows a transaction: other writers wait no longer than for that
REST = 0.01  # seconds between two: SQLite's other writers want its lock too
Removal = Callable[[], int]

_removals: dict[Removal, tuple[type[models.Model], ...]] = {}


def register(removal: Removal, *tables: type[models.Model]) -> None:
    """Have a room's function remove what is too old in its tables; called from AppConfig.ready."""
    _removals[removal] = tables


def tables() -> set[type[models.Model]]:
    """Those whose old rows are removed."""
    return {table for each in _removals.values() for table in each}


def remove_everywhere() -> None:
    """Each room's turn; the trouble of one doesn't keep the others from theirs."""
    for removal, emptied in _removals.items():
        try:
            removal()
        except Exception:  # whatever it is, the next hour tries again
            logger.exception("old_rows_not_removed", table=emptied[0]._meta.label)
            connection.close()


def remove_old(
    rows: models.QuerySet[Any],
    *,
    days: int,
    by: str = "created_at",
    first: Callable[[models.QuerySet[Any]], object] = lambda batch: None,
) -> int:
    """Remove the rows that are older than so many days, oldest first; how many. 0 keeps them all.

    `first` is done with each batch in the transaction that removes it. Of several processes at it,
    each row is one's: the others pass over what is locked.
    """
    if not days:
        return 0
    old = rows.filter(**{f"{by}__lt": timezone.now() - timedelta(days=days)}).order_by(by)
    removed = 0
    while count := _remove_batch(old, first):
        removed += count
        time.sleep(REST)
    return removed


@transaction.atomic
def _remove_batch(
    old: models.QuerySet[Any], first: Callable[[models.QuerySet[Any]], object]
) -> int:
    keys = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
    batch = old.model._default_manager.filter(pk__in=keys)
    if keys:
        first(batch)
        batch.delete()
    return len(keys)
