"""Every stored value, in this process' memory: whoever asks for a setting asks no database."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatplatform.configuration.models import Revision, Setting
from chatplatform.configuration.registry import RuntimeSettings
from chatplatform.kernel.scoping import all_tenants

Owner = int | None  # a tenant's key, or None: the installation


@dataclass(frozen=True)
class Snapshot:
    """The stored values as of one stamp: by owner and group. `merged` grows as it is asked for."""

    stamp: str = ""
    values: Mapping[tuple[Owner, str], Mapping[str, Any]] = field(default_factory=dict)
    merged: dict[tuple[Owner, str], RuntimeSettings] = field(default_factory=dict)


_held: Snapshot | None = None
_reading = threading.Lock()  # who read before a commit must not overwrite what was read after it


def snapshot() -> Snapshot:
    """What is known now; reads the database only if nothing is known yet."""
    if _held is None:
        if _on_event_loop():  # it can't wait for a database: the defaults, until the job has read
            return Snapshot()
        refresh()
    return _held or Snapshot()


def refresh() -> None:
    """Read the values again if any was changed: one query, or two."""
    with _reading:
        stamp = Revision.objects.values_list("stamp", flat=True).first() or ""
        if _held is None or stamp != _held.stamp:
            hold(_read(stamp))


def hold(held: Snapshot | None) -> None:
    """Know this from now on; None: nothing."""
    global _held
    _held = held


def _read(stamp: str) -> Snapshot:
    values: dict[tuple[Owner, str], dict[str, Any]] = {}
    with all_tenants():
        rows = Setting.objects.order_by().values_list("tenant_id", "group", "key", "value")
        for owner, group, key, value in rows:
            values.setdefault((owner, group), {})[key] = value
    return Snapshot(stamp, values)


def _on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
