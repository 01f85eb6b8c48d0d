"""Publishing on a schedule from a process of its own, as a web worker or a job would.

Open loop: the schedule does not wait for the publisher, and a late event counts from the moment it
was to be sent. What it costs to publish is not charged to the server under test.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, NamedTuple

from benchmarks.stamps import now


class Published(NamedTuple):
    """Microseconds: when it was to be sent, and when its transaction had committed."""

    stamp: int
    committed: int


class Publisher:
    """The other process, as the runner sees it."""

    def __init__(self, process: "subprocess.Popen[str]", said: IO[str]) -> None:
        self._process, self._said = process, said
        self._wait_for_line()

    def start(self, count: int, rate: float, *, delay: float = 0.2) -> None:
        """Publish `count` events, `rate` a second, beginning `delay` seconds from now."""
        assert self._process.stdin
        self._process.stdin.write(f"{count} {rate} {now() + int(delay * 1e6)}\n")
        self._process.stdin.flush()

    def outcome(self) -> list[Published]:
        """What `start` has published, when it is done."""
        return [Published(*pair) for pair in json.loads(self._wait_for_line())]

    def _wait_for_line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self._said.seek(0)
            raise RuntimeError(f"the publisher ended:\n{self._said.read()}")
        return line


@contextmanager
def publisher(module: str, *arguments: str, env: Mapping[str, str]) -> Iterator[Publisher]:
    """`python -m module arguments`, ended with the block."""
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        ) as process,
    ):
        try:
            yield Publisher(process, said)
        finally:
            process.kill()


def serve(publish: Callable[[int], int | None]) -> None:
    """The other process' side: `publish(stamp)`, which may say when it had committed."""
    print("ready", flush=True)
    for line in sys.stdin:
        count, rate, start = line.split()
        stamps = [int(start) + int(number * 1e6 / float(rate)) for number in range(int(count))]
        done = []
        for stamp in stamps:
            time.sleep(max(0, stamp - now()) / 1e6)
            done.append((stamp, publish(stamp) or now()))
        print(json.dumps(done), flush=True)
