"""Those who commit events: people over HTTP, and a process for volume."""

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from random import Random

import httpx

from tests.faults.volume import Plan
from tests.people import Person, message
from tests.processes import Process, wait_until

PATIENCE = 60.0  # s that a person goes on trying to say one thing


class Talker:
    """Somebody who says one thing after another, and says it again until it is taken."""

    def __init__(self, person: Person, path: str, *, name: str, rng: Random, pause: float) -> None:
        self.took: list[float] = []  # s, of the requests that were answered at the first try
        self.said = 0
        self.trouble = ""
        self._person, self._path, self._name = person, path, name
        self._rng, self._pause = rng, pause
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def join(self) -> None:
        self._thread.join(PATIENCE + 5)

    def _run(self) -> None:
        while not self._stopped.wait(self._rng.uniform(0, 2 * self._pause)):
            self._say(f"{self._name} {self.said}")

    def _say(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        started, tries = time.monotonic(), 0
        while not self._taken(text):
            tries += 1
            if time.monotonic() > deadline:
                self.trouble = f"{text!r} was never taken"
                return
            self._stopped.wait(0.05)
        if not tries:
            self.took.append(time.monotonic() - started)
        self.said += 1

    def _taken(self, text: str) -> bool:
        with suppress(httpx.TransportError):
            answer = self._person.http.post(self._path, json=message(text, client_id=text))
            return answer.is_success
        return False


class Publisher:
    """The running volume process."""

    def __init__(self, plan: Plan, env: dict[str, str], output: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.volume", json.dumps(asdict(plan))]
        env = {**env, "DJANGO_SETTINGS_MODULE": "chatplatform.settings"}
        self.log = plan.log
        self._process = Process(command, env=env, output=output)

    def wait_until_ready(self) -> None:
        wait_until(
            lambda: "ready" in self._process.said or not self._process.running,
            seconds=30,
            what="the publisher to start",
        )
        assert "ready" in self._process.said, self._process.said

    def lines(self) -> list[dict[str, float]]:
        said = self._process.said.splitlines()
        return [json.loads(line) for line in said if line.startswith("{") and line.endswith("}")]

    def committed_at(self) -> dict[int, float]:
        return {int(line["offset"]): line["at"] for line in self.lines() if line["offset"]}

    def took(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """How long each publication took that ended between two moments, in s."""
        return [line["took"] for line in self.lines() if since <= line["at"] < until]

    def stop(self) -> None:
        assert self._process.stop(40) == 0, self._process.said[-3000:]

    def kill(self) -> None:
        self._process.kill()


def run_at_once(calls: list[Callable[[], object]]) -> None:
    """In threads of their own; return when all have."""
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
