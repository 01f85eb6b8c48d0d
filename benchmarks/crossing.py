"""From one process' commit to a client of the other, with Redis up, killed and stopped."""

import os
import signal
from collections.abc import Iterator

from benchmarks.contestants import US, customers_stream, publisher_of
from benchmarks.listeners import Listeners
from benchmarks.options import Options
from benchmarks.production import production
from benchmarks.publishers import Publisher
from benchmarks.results import Result
from tests.people import Customer

RATE = 100.0  # events a second
PATIENCE = 5.0  # seconds after which an event counts as lost


def scenarios(options: Options) -> Iterator[Result]:
    """The first events after a kill or a stop are in the samples: they hold its discovery."""
    events = int(RATE * options.seconds)
    with production() as running:
        customer = Customer(running)
        listeners = Listeners(running.port["chatbot"], customers_stream(customer))
        with publisher_of(running, customer) as publisher:
            listeners.open(1)
            _crossed(publisher, listeners, 20)  # to open what is opened once
            yield _row("redis up", publisher, listeners, events)
            os.kill(running.broker.pid, signal.SIGSTOP)
            yield _row("redis stopped", publisher, listeners, events)
            os.kill(running.broker.pid, signal.SIGCONT)
            _crossed(publisher, listeners, 100)
            running.broker.kill()
            yield _row("redis killed", publisher, listeners, events)
            yield _row("redis down", publisher, listeners, events)
        listeners.close()


def _row(condition: str, publisher: Publisher, listeners: Listeners, events: int) -> Result:
    taken = _crossed(publisher, listeners, events)
    return Result("commit to other process", US, condition, taken, events - len(taken))


def _crossed(publisher: Publisher, listeners: Listeners, events: int) -> list[float]:
    """Milliseconds from each commit to the client's socket."""
    listeners.forget()
    publisher.start(events, RATE)
    listeners.listen(lambda: listeners.marks >= events, seconds=events / RATE + PATIENCE)
    committed = dict(publisher.outcome())
    return [
        (stamp + taken[0] - committed[stamp]) / 1000 for stamp, taken in listeners.latencies.items()
    ]
