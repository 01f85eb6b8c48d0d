"""Fifty runs at once, answered by a model that streams: how late the process' loops get."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psutil

from benchmarks.contestants import US
from benchmarks.options import Options
from benchmarks.production import VARIABLES
from benchmarks.results import Cell, Result
from tests.people import Customer
from tests.processes import ROOT, Process, environment, free_port, started, wait_until
from tests.servers import Platform, Valkey, seeded_database
from tests.streams import Stream

AT_ONCE = 50
PACE = 0.03  # seconds between two words of the model: 33 a second, as fast models write
IDLE = 15.0  # per cent of a core
QUESTION = "How long does delivery take?"


def scenarios(options: Options) -> Iterator[Result]:
    """Client, model and platform share the machine. Each customer listens and asks at once."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        served = _Served(stack, folder)
        customers = [Customer(served.platform, name=f"C{n}") for n in range(AT_ONCE)]
        streams = [stack.enter_context(customer.listens()) for customer in customers]
        _ask(customers[0], streams[0])  # the first loads the model's SDK
        served.settle()
        before = served.memory
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answered = list(pool.map(_ask, customers, streams))
        ended = time.monotonic()
        peak = served.memory
        late = served.stop()
        first = [first for first, _ in answered]
        whole = [whole for _, whole in answered]
        figures: dict[str, Cell] = {"memory, MB": round(peak / 2**20)}
        figures["growth, MB"] = round((peak - before) / 2**20)
        condition = f"{AT_ONCE} runs at once"
        yield Result("runs: first words of an answer", US, condition, first)
        yield Result("runs: whole answer", US, condition, whole)
        for loop, turns in late.items():
            during = [ms for at, ms in turns if began <= at <= ended]
            yield Result(f"runs: lag of the loop of {loop}", US, condition, during, figures=figures)


class _Served:
    """The customers' side in one process with its probes, and a model in another."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._file = folder / "late.json"
        broker = Valkey(folder)
        stack.callback(broker.kill)
        broker.start()
        seeded_database(folder)
        model, port = free_port(), free_port()
        line = [sys.executable, "-m", "tests.model_server", f"--port={model}", f"--pace={PACE}"]
        output = folder / "model.log"
        stack.enter_context(started(line, env=environment(folder), output=output))
        variables = {
            **VARIABLES,
            "REDIS_URL": broker.url,
            "DJANGO_SETTINGS_MODULE": "chatplatform.settings",
            "ASSISTANT_BASE_URL": f"http://127.0.0.1:{model}/v1",
            "ASSISTANT_MODEL": "grounded",
            "PYTHONPATH": str(ROOT),
        }
        line = [sys.executable, "-m", "benchmarks.runs_timed", str(port), str(self._file)]
        self._process: Process = stack.enter_context(
            started(line, env=environment(folder, **variables), output=folder / "chatbot.log")
        )
        self._idle = folder / "idle.json"
        line = [sys.executable, "-m", "benchmarks.bystander", str(self._idle)]
        output = folder / "idle.log"
        self._bystander = stack.enter_context(started(line, env=environment(folder), output=output))
        ports = {"chatbot": port, "workbench": port}
        self.platform = Platform(self._process, ports, broker, folder, stack)
        wait_until(self._serves, seconds=60, what="the customers' side to serve")

    def settle(self) -> None:
        """Until it has nothing left to do: a new knowledge base is embedded in the background."""
        process = psutil.Process(self._process.pid)
        wait_until(lambda: process.cpu_percent(1.0) < IDLE, seconds=90, what="the process to rest")

    @property
    def memory(self) -> int:
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def stop(self) -> dict[str, list[tuple[float, float]]]:
        """How late each loop's turns came: (monotonic seconds, milliseconds)."""
        self._bystander.stop()
        self._process.stop()
        late: dict[str, list[tuple[float, float]]] = json.loads(self._file.read_text())["late"]
        return {**late, "an idle process beside it": json.loads(self._idle.read_text())}

    def _serves(self) -> bool:
        assert self._process.running, self._process.said
        return self.platform.readiness("chatbot").serves


def _ask(customer: Customer, stream: Stream) -> tuple[float, float]:
    """Milliseconds from the question to the first words shown, and to the whole answer."""
    heard = len(stream.heard)
    began = time.monotonic()
    customer.says(QUESTION)
    whole = stream.wait_for(
        lambda event: event.type == "new_message" and event.payload["author"]["kind"] == "ai",
        seconds=60,
        after=heard,
    )
    shown = [event for event in stream.heard[heard:] if event.type == "answer_delta"]
    first = shown[0] if shown else whole
    return (first.at - began) * 1000, (whole.at - began) * 1000
