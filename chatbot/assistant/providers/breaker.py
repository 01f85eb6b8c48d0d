"""Stops asking a provider that keeps failing, and tries again after a pause. One per process."""

import threading
import time
from collections.abc import Callable
from enum import Enum

from chatbot.assistant.providers.endpoints import Endpoint

FAILURES = 5
PAUSE = 30.0  # seconds
LONG_PAUSE = 300.0  # after what only a person can mend; a change of the row begins anew


class State(Enum):
    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


class Breaker:
    """Closed: everyone may ask. Open: nobody. Half open, after the pause: one may, and decides."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until: float | None = None
        self._trial_until = 0.0  # somebody is trying; not for ever, she may have died
        self._lock = threading.Lock()

    @property
    def state(self) -> State:
        if self._open_until is None:
            return State.CLOSED
        return State.OPEN if self._clock() < self._open_until else State.HALF_OPEN

    def admits(self) -> bool:
        """Whether the caller may ask; she must then say how it went."""
        with self._lock:
            if self.state is not State.HALF_OPEN:
                return self.state is State.CLOSED
            if self._clock() < self._trial_until:
                return False
            self._trial_until = self._clock() + PAUSE
            return True

    def succeeded(self) -> bool:
        """It answered; whether that closed the breaker."""
        with self._lock:
            was_open = self._open_until is not None
            self._failures, self._open_until, self._trial_until = 0, None, 0.0
            return was_open

    def failed(self) -> bool:
        """It failed; whether that opened the breaker."""
        with self._lock:
            self._failures += 1
            if self._open_until is None and self._failures < FAILURES:
                return False
            return self._open(PAUSE)

    def trip(self, pause: float) -> bool:
        """It must not be asked for so many seconds; whether that opened the breaker."""
        with self._lock:
            return self._open(pause)

    def abandoned(self) -> None:
        """The caller did not wait for the end."""
        with self._lock:
            self._trial_until = 0.0

    def _open(self, pause: float) -> bool:
        was_closed = self._open_until is None
        self._open_until, self._trial_until = self._clock() + pause, 0.0
        return was_closed


_breakers: dict[str, tuple[Endpoint, Breaker]] = {}


def breaker_of(endpoint: Endpoint) -> Breaker:
    """The endpoint's breaker; a new one after its row was changed."""
    known = _breakers.get(endpoint.key)
    if known is None or known[0] != endpoint:
        known = _breakers[endpoint.key] = (endpoint, Breaker())
    return known[1]


def forget() -> None:
    """All closed, as in a new process."""
    _breakers.clear()
