"""How often each key may do something: the generic cell rate algorithm, one number per key."""

import threading
import time
from collections.abc import Callable, Hashable
from itertools import islice
from typing import NamedTuple

MOST_KEYS = 50_000  # some 10 MB; beyond it the keys longest unheard of are forgotten


class Rate(NamedTuple):
    """`per_minute` for good, and `burst` at once after a pause; both from 1."""

    per_minute: int
    burst: int


class Limiter:
    """Counts in this process' memory and waits for nobody: safe on the event loop and in threads.

    Kept per key: when it would have used up nothing, had it come at its rate.
    """

    def __init__(
        self, *, most_keys: int = MOST_KEYS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most_keys, self._clock = most_keys, clock
        self._free_at: dict[Hashable, float] = {}  # the least recently heard of first
        self._lock = threading.Lock()

    def spend(self, key: Hashable, rate: Rate) -> float:
        """0.0 and count it, or the seconds until the next one is allowed, and count nothing."""
        interval = 60 / rate.per_minute
        with self._lock:
            now = self._clock()
            free_at = max(self._free_at.pop(key, now), now)
            wait = free_at - now - (rate.burst - 1) * interval
            self._free_at[key] = free_at if wait > 1e-9 else free_at + interval
            if len(self._free_at) > self._most_keys:
                self._forget(now)
        return wait if wait > 1e-9 else 0.0

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._free_at.clear()

    def __len__(self) -> int:
        return len(self._free_at)

    def _forget(self, now: float) -> None:
        """Those that owe nothing; and so many more that this is seldom needed."""
        owing = {key: free_at for key, free_at in self._free_at.items() if free_at > now}
        surplus = len(owing) - self._most_keys * 9 // 10
        self._free_at = dict(islice(owing.items(), max(0, surplus), None))
