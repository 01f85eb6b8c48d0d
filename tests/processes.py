"""Real processes for tests: started with an environment of their own, surely stopped."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def wait_until(condition: Callable[[], object], *, seconds: float = 20, what: str = "") -> None:
    """Return as soon as `condition()` is true; AssertionError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s for {what or condition}")
        time.sleep(0.02)


def free_port() -> int:
    """A TCP port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data_dir: Path, **changes: str) -> dict[str, str]:
    """This process' environment without what points at other databases, brokers and files."""
    foreign = {"DATABASE_URL", "REDIS_URL", "DATA_DIR", "CHATBOT_URL", "WORKBENCH_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {
        **kept,
        "DATA_DIR": str(data_dir),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        **changes,
    }


class Process:
    """A running command whose output goes to a file, so that a failed test can show it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: dict[str, str],
        output: Path,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.output = output
        with output.open("ab") as file:
            self._process = subprocess.Popen(
                command,
                env=env,
                cwd=tempfile.gettempdir(),  # nothing of ours may depend on where it starts
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                pass_fds=tuple(pass_fds),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def send(self, number: signal.Signals) -> None:
        if self.running:
            self._process.send_signal(number)

    def kill(self) -> None:
        """As a crash does it: no farewell."""
        self.send(signal.SIGKILL)
        self._process.wait()

    def stop(self, seconds: float = 15) -> int:
        """SIGTERM and the exit status; SIGKILL if that is not heard in time."""
        self.send(signal.SIGTERM)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop within {seconds:g} s:\n{self.said}") from None

    def wait(self, seconds: float = 30) -> int:
        """The exit status of a command that ends by itself."""
        return self._process.wait(seconds)


@contextmanager
def started(
    command: Sequence[str],
    *,
    env: dict[str, str],
    output: Path,
    pass_fds: Sequence[int] = (),
) -> Iterator[Process]:
    """A process that is gone when the block ends, however it ends."""
    process = Process(command, env=env, output=output, pass_fds=pass_fds)
    try:
        yield process
    finally:
        if process.running:
            try:
                process.stop()
            finally:
                process.kill()


def manage(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]
