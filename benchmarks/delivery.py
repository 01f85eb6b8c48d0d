"""How long until the other process' stream has it: handoffs, and messages both ways.

The clock starts before the request is sent and stops when the frame has been read from the
socket, so a sample holds the request, the transaction, the wire and the reading.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.contestants import US
from benchmarks.options import Options
from benchmarks.production import production
from benchmarks.results import Result
from tests.people import Agent, Customer
from tests.servers import Platform
from tests.streams import Heard, Stream

PATIENCE = 5.0  # seconds after which an event counts as lost


def scenarios(options: Options) -> Iterator[Result]:
    """Every measurement with Redis up, then with Redis killed, on one running platform.

    The streams stay open across the kill, so the first samples after it hold its discovery.
    """
    samples = options.samples
    with production() as running:
        agent, customer = Agent(running), Customer(running)
        with agent.listens() as desk, customer.listens() as widget:
            customer.asks_for_a_person()
            agent.accepts(customer.session).raise_for_status()
            for condition in ("redis up", "redis killed"):
                if condition == "redis killed":
                    running.broker.kill()
                yield _handoff(running, desk, condition, samples)
                yield _timed("message: customer to agent", condition, desk, customer.says, samples)
                yield _timed(
                    "message: agent to customer",
                    condition,
                    widget,
                    partial(agent.says, customer.session),
                    samples,
                )


def _handoff(running: Platform, desk: Stream, condition: str, samples: int) -> Result:
    """Transfer on the customers' side to the frame on the agent's stream."""
    taken: list[float] = []
    lost = 0
    for _ in range(samples):
        customer = Customer(running)
        started = time.monotonic()
        customer.asks_for_a_person()
        heard = _arrival(desk, "transfer_request", session_name=customer.session)
        customer.http.close()
        lost += heard is None
        if heard:
            taken.append((heard.at - started) * 1000)
    return Result("handoff: transfer to agent", US, condition, taken, lost)


def _timed(
    name: str,
    condition: str,
    stream: Stream,
    say: Callable[[str], object],
    samples: int,
) -> Result:
    """`say` a text that nobody said before; the frame that carries it on the reader's stream."""
    taken: list[float] = []
    lost = 0
    for number in range(samples):
        text = f"{name} {condition} {number}"
        started = time.monotonic()
        say(text)
        heard = _arrival(stream, "new_message", text=text)
        lost += heard is None
        if heard:
            taken.append((heard.at - started) * 1000)
    return Result(name, US, condition, taken, lost)


def _arrival(stream: Stream, kind: str, **payload: str) -> Heard | None:
    """The first recent event of that kind whose payload holds this, or None in PATIENCE seconds."""

    def wanted(event: Heard) -> bool:
        return event.type == kind and payload.items() <= event.payload.items()

    try:
        return stream.wait_for(wanted, seconds=PATIENCE, after=max(0, len(stream.heard) - 50))
    except AssertionError:
        return None
