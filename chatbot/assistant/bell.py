"""Wakes this process' runner; a run that nobody is woken for is found by its poll."""

from collections.abc import Callable

_listeners: set[Callable[[], None]] = set()


def listen(wake: Callable[[], None]) -> None:
    """Call `wake` at every ring, from whichever thread rings."""
    _listeners.add(wake)


def leave(wake: Callable[[], None]) -> None:
    _listeners.discard(wake)


def ring() -> None:
    """There is a new run to claim."""
    for wake in tuple(_listeners):
        wake()
