"""One contestant under one load: connect, make sure that all hear, publish, count, charge."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import machine
from benchmarks.contestants import Running
from benchmarks.listeners import Listeners, Opened

PATIENCE = 12.0  # seconds for what is still on its way; after that it counts as lost
BUSY = 0.9  # of a core: beyond it the generator's own delay is part of what it measured


class NotHeard(Exception):
    """Connections are open that no event reaches."""


@dataclass(frozen=True)
class Load:
    """What a burst of events did. Latencies in milliseconds from the intended send."""

    latencies: list[float]
    last: list[float]  # per event, its last client
    lost: int
    deliveries: int
    server: float  # processor seconds of the serving process
    helpers: float
    generator: float  # share of a core
    late: float  # ms: how far the publisher fell behind its schedule at worst


@dataclass(frozen=True)
class Crowd:
    """Connections of one contestant that all hear."""

    listeners: Listeners
    opened: Opened
    memory: int  # bytes a connection


@contextmanager
def crowd(running: Running, count: int) -> Iterator[Crowd]:
    """`count` connections, each known to hear; closed with the block.

    The first few warm the server up, so that memory counts connections and not imports.
    """
    listeners = Listeners(running.port, running.request)
    warm = min(50, count // 10)
    try:
        listeners.open(warm)
        before = machine.memory([running.server])
        opened = listeners.open(count - warm)
        _everyone_hears(running, listeners, count - opened.refused)
        grown = machine.memory([running.server]) - before
        yield Crowd(listeners, opened, grown // max(1, opened.count))
    finally:
        listeners.close()


def burst(running: Running, listeners: Listeners, count: int, *, events: int, rate: float) -> Load:
    """Publish `events` to `count` connections and wait for all of them, or until patience ends."""
    listeners.forget()
    expected = count * events
    used = machine.processor_seconds([running.server]), machine.processor_seconds(running.helpers)
    began, own = time.monotonic(), time.process_time()
    running.publisher.start(events, rate)
    listeners.listen(lambda: listeners.marks >= expected, seconds=events / rate + PATIENCE)
    share = (time.process_time() - own) / (time.monotonic() - began)
    published = running.publisher.outcome()
    return Load(
        latencies=[each / 1000 for taken in listeners.latencies.values() for each in taken],
        last=[max(taken) / 1000 for taken in listeners.latencies.values()],
        lost=expected - listeners.marks,
        deliveries=listeners.marks,
        server=machine.processor_seconds([running.server]) - used[0],
        helpers=machine.processor_seconds(running.helpers) - used[1],
        generator=share,
        late=max(done.committed - done.stamp for done in published) / 1000,
    )


def _everyone_hears(running: Running, listeners: Listeners, count: int) -> None:
    """One event at a time until each connection has one: a 200 does not say that it listens yet."""
    for _ in range(10):
        listeners.forget()
        running.publisher.start(1, 1)
        heard = listeners.listen(lambda: listeners.marks >= count, seconds=5)
        running.publisher.outcome()
        if heard:
            return
    raise NotHeard(f"{listeners.marks} of {count} connections hear (pid {os.getpid()})")
