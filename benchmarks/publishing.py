"""What publishing adds to the request that publishes, in every state of Redis."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.contestants import US
from benchmarks.options import Options
from benchmarks.production import beside, production
from benchmarks.results import Cell, Result, quiet
from tests.people import Customer
from tests.servers import Platform


def scenarios(options: Options) -> Iterator[Result]:
    """The same short transaction with and without an event, by turns, in a process of its own."""
    with production() as running:
        session = Customer(running).session
        yield _row("redis up", running, session, options.samples)
        os.kill(running.broker.pid, signal.SIGSTOP)
        yield _row("redis stopped", running, session, options.samples)
        os.kill(running.broker.pid, signal.SIGCONT)
        running.broker.kill()
        yield _row("redis killed", running, session, options.samples)


def _row(condition: str, running: Platform, session: str, samples: int) -> Result:
    env = beside(running)
    line = [sys.executable, "-m", "benchmarks.publish_timed", session, "demo", str(samples)]
    said = subprocess.run(line, env=env, check=True, capture_output=True, text=True).stdout
    taken: dict[str, list[float]] = json.loads(said)
    added = [sum(pair) for pair in zip(taken["publish"], taken["ring"], strict=True)]
    figures: dict[str, Cell] = {
        "quiet": round(quiet(added), 2),
        "publish p50": round(median(taken["publish"]), 2),
        "ring p50": round(median(taken["ring"]), 3),
        "transaction p50": round(median(taken["with"]), 2),
        "without p50": round(median(taken["without"]), 2),
    }
    return Result("publishing adds", US, condition, added, figures=figures)
