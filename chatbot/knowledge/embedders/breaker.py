"""Leave alone what fails, for a while. Thread-safe."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` in a row; after `rest` seconds one caller may try again."""

    def __init__(
        self,
        *,
        failures: int = 3,
        rest: float = 20.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._rest, self._clock = failures, rest, clock
        self._failed = 0
        self._shut_until = 0.0
        self._lock = threading.Lock()

    def lets_try(self) -> bool:
        """Whether this caller may try; while it is open, one of them after each rest."""
        with self._lock:
            if self._failed < self._most:
                return True
            if (now := self._clock()) < self._shut_until:
                return False
            self._shut_until = now + self._rest
            return True

    def failed(self) -> None:
        """Tell it what became of a try."""
        with self._lock:
            self._failed += 1
            self._shut_until = self._clock() + self._rest

    def succeeded(self) -> None:
        """Closes it."""
        with self._lock:
            self._failed = 0
