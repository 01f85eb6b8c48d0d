"""Posting a message end to end, and where the time goes: over HTTP, and over a WebSocket."""

import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from websockets.sync.client import connect

from benchmarks.contestants import US
from benchmarks.options import Options
from benchmarks.production import beside, production
from benchmarks.results import Cell, Result, quiet
from tests.people import Agent, Customer
from tests.servers import Platform

Parts = list[dict[str, float]]


def scenarios(options: Options) -> Iterator[Result]:
    """Client and server share the machine; the parts are taken on the same database file,
    between two halves of the whole, so that all have the same neighbours."""
    count = options.samples
    with production() as running:
        customer = Customer(running)
        customer.asks_for_a_person()
        Agent(running).accepts(customer.session).raise_for_status()
        posted = _taken(customer.says, count)
        empty = _taken(lambda _: customer.http.get("/healthz").raise_for_status(), count)
        parts, around = _parts(running, "http", count)
        posted += _taken(customer.says, count)
        yield from _rows("HTTP", posted, parts, middleware=_total(around) - _total(parts))
        yield _part("posting: over HTTP", "for comparison: GET /healthz", empty, posted)
        with _socket(running, customer) as say:
            framed = _taken(say, count)
            parts, _ = _parts(running, "socket", count)
            framed += _taken(say, count)
        yield from _rows("WebSocket", framed, parts)


def _rows(
    how: str, whole: list[float], parts: Parts, *, middleware: float = 0.0
) -> Iterator[Result]:
    name = f"posting: over {how}"
    yield _part(name, "end to end, at the client", whole, whole)
    outside = quiet(whole) - _total(parts) - middleware
    yield _part(name, "server, loopback and client", [outside], whole)
    if middleware:
        yield _part(name, "middleware", [middleware], whole)
    for part in dict.fromkeys(part for call in parts for part in call):
        yield _part(name, part, [call.get(part, 0.0) for call in parts], whole)


def _part(name: str, part: str, samples: list[float], whole: list[float]) -> Result:
    figures: dict[str, Cell] = {
        "quiet": round(quiet(samples), 2),
        "share": f"{quiet(samples) / quiet(whole):.0%}",
    }
    return Result(name, US, part, samples, figures=figures)


def _parts(running: Platform, how: str, count: int) -> tuple[Parts, Parts]:
    env = beside(running)
    line = [sys.executable, "-m", "benchmarks.post_timed", how, str(count)]
    said = subprocess.run(line, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout
    answer = json.loads(said.splitlines()[-1])
    return answer["parts"], answer["around"]


def _total(parts: Parts) -> float:
    return quiet([sum(call.values()) for call in parts])


def _taken(call: Callable[[str], object], count: int) -> list[float]:
    taken = []
    for number in range(count + 5):
        began = time.perf_counter()
        call(f"message {number} " + "x" * 70)
        taken.append((time.perf_counter() - began) * 1000)
    return taken[5:]


@contextmanager
def _socket(running: Platform, customer: Customer) -> Iterator[Callable[[str], None]]:
    """A customer's WebSocket: send a message, wait for its acknowledgement."""
    url = f"ws://127.0.0.1:{running.port['chatbot']}/api/v1/ws/sessions/{customer.session}"
    headers = {"Authorization": f"Bearer {customer.token}"}
    with connect(url, additional_headers=headers, compression=None) as connection:

        def say(text: str) -> None:
            frame = {"type": "message", "text": text, "client_id": secrets.token_hex(8)}
            connection.send(json.dumps(frame))
            while json.loads(connection.recv())["type"] != "ack":
                pass

        yield say
