"""Wakes this process' worker; a call that nobody rings for is found by its poll."""

import threading

woken = threading.Event()


def ring() -> None:
    """There is a call to run."""
    woken.set()
