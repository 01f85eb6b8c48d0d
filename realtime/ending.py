"""Whether this process is about to end: what is refused a thread from then on is no fault.

Python closes its pools of threads while the main thread still counts as alive.
"""

import threading

_begun = threading.Event()


def begin() -> None:
    """No more connections are taken; from any thread."""
    _begun.set()


def is_ending() -> bool:
    return _begun.is_set() or not threading.main_thread().is_alive()
