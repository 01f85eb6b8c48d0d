"""Where the time of one call goes: timers around its parts, each charged for what no other is."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any


class Clock:
    """Exclusive microseconds by part. One call at a time; its parts may run on other threads."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = defaultdict(float)
        self._inside: list[str] = []
        self._since = 0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self._charge()
        self._inside.append(name)
        try:
            yield
        finally:
            self._charge()
            self._inside.pop()

    def wrap(self, owner: Any, attribute: str, name: str) -> None:
        """Replace a function where its callers look it up."""
        function: Callable[..., Any] = getattr(owner, attribute)

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return function(*args, **kwargs)

        setattr(owner, attribute, timed)

    def read(self) -> dict[str, float]:
        """The parts since the last reading, milliseconds."""
        taken = {name: spent / 1e6 for name, spent in self.parts.items()}
        self.parts.clear()
        return taken

    def _charge(self) -> None:
        now = time.perf_counter_ns()
        if self._inside:
            self.parts[self._inside[-1]] += now - self._since
        self._since = now
