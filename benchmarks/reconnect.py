"""Everyone comes back at once, a hundred events behind: how long until all have everything."""

import time
from collections.abc import Iterator

from benchmarks import machine
from benchmarks.contestants import US, customers_stream, publisher_of
from benchmarks.listeners import Listeners
from benchmarks.options import Options
from benchmarks.production import production
from benchmarks.results import Cell, Result
from tests.people import Customer
from tests.servers import Platform

MISSED = 100
PATIENCE = 60.0


def scenarios(options: Options) -> Iterator[Result]:
    """From the memory of a process that ran on, and from the log of one that has just begun."""
    with production() as running:
        customer = Customer(running)
        with publisher_of(running, customer) as publisher, customer.listens():
            publisher.start(MISSED, 200)
            publisher.outcome()
            yield _row("the process ran on", running, customer, options.connections)
        running.restart("chatbot")
        yield _row("the process is new", running, customer, options.connections)


def _row(condition: str, running: Platform, customer: Customer, count: int) -> Result:
    pid = running.pid("chatbot")
    assert pid
    listeners = Listeners(
        running.port["chatbot"], customers_stream(customer, last=customer.position)
    )
    used, began = machine.processor_seconds([pid]), time.monotonic()
    opened = listeners.open(count, at_once=count)
    listeners.listen(lambda: listeners.marks >= count * MISSED, seconds=PATIENCE)
    took = time.monotonic() - began
    listeners.close()
    figures: dict[str, Cell] = {
        "all caught up s": round(took, 2),
        "answered s": round(opened.seconds, 2),
        "refused": opened.refused,
        "missing": count * MISSED - listeners.marks,
        "cpu ms/client": round((machine.processor_seconds([pid]) - used) * 1000 / count, 2),
    }
    return Result(f"reconnect of {count}, {MISSED} behind", US, condition, [], figures=figures)
