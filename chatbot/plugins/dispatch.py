"""From what happens in a chat to the plugins: never in its transaction, never in its way."""

import threading
import time

from chatbot.plugins.lanes import Lane
from chatbot.plugins.payloads import Payload
from chatbot.plugins.registry import installed
from chatbot.plugins.reports import keep_counts, note_installed

REPORT_EVERY = 5.0  # seconds

_lanes: list[Lane] = []
_ready = threading.Event()


def work() -> None:
    """Load what is installed, then keep its counts; a background job of both processes.

    Until everything is loaded nothing is told: a package that takes its time delays nobody.
    """
    start()
    while True:
        time.sleep(REPORT_EVERY)
        report()


def start() -> None:
    """A lane for each plugin; further calls do nothing."""
    if not _ready.is_set():
        _lanes.extend(Lane(plugin) for plugin in installed() if plugin.hooks)
        _ready.set()
        note_installed()


def tell(payload: Payload) -> None:
    """Hand it to every plugin that wants it; returns at once. For after the commit."""
    for lane in _lanes:
        lane.put(payload)


def are_there() -> bool:
    """Whether anybody would listen."""
    return bool(_lanes)


def report() -> None:
    """Write down what the plugins of this process did since the last time."""
    keep_counts({lane.plugin.name: (lane.take_counts(), lane.is_off) for lane in _lanes})


def forget() -> None:
    """As before `start`; for tests."""
    _lanes.clear()
    _ready.clear()
