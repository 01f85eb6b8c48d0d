import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatplatform.launcher.child import Child
from tests.processes import Process, environment, started, wait_until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); time.sleep(600)",
]


@contextmanager
def supervised(command: list[str], folder: Path) -> Iterator[Process]:
    launcher = [sys.executable, "-m", "chatplatform.launcher.tests.supervised", *command]
    with started(launcher, env=environment(folder), output=folder / "said") as process:
        wait_until(lambda: pids(process), what="the child")
        yield process


def pids(launcher: Process) -> list[int]:
    """The children's process ids in the order they were started."""
    return [int(line.split()[1]) for line in launcher.said.splitlines() if line.startswith("pid ")]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" in status.read_text()  # nobody reaps here


def test_a_child_that_dies_is_started_again_and_reported(tmp_path: Path) -> None:
    with supervised(SLEEPER, tmp_path) as launcher:
        os.kill(pids(launcher)[0], signal.SIGKILL)
        wait_until(lambda: len(pids(launcher)) == 2, what="a second child")
        assert "child was ended by SIGKILL; starting it again" in launcher.said


def test_a_child_that_keeps_failing_is_started_less_and_less_often(tmp_path: Path) -> None:
    child = Child("child", ["false"], environment=environment(tmp_path), cwd="/")
    pauses = []
    for _ in range(7):
        child.start_at = 0
        assert child.start_if_due()
        wait_until(lambda: child.reap() is not None, what="the child to fail")
        assert not child.start_if_due()
        pauses.append(round(child.start_at - time.monotonic(), 1))
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_ends_well(tmp_path: Path, number: signal.Signals) -> None:
    with supervised(SLEEPER, tmp_path) as launcher:
        launcher.send(number)
        assert launcher.wait() == 0
        assert "all ended" in launcher.said
        assert gone(pids(launcher)[0])


def test_a_second_signal_does_not_wait_for_a_deaf_child(tmp_path: Path) -> None:
    with supervised(DEAF, tmp_path) as launcher:
        wait_until(lambda: "deaf" in launcher.said, what="the child to be deaf")
        launcher.send(signal.SIGTERM)
        launcher.send(signal.SIGINT)
        assert launcher.wait(5) == 0
        assert gone(pids(launcher)[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_launcher_killed_outright_leaves_no_orphan(tmp_path: Path) -> None:
    with supervised(SLEEPER, tmp_path) as launcher:
        launcher.kill()
        wait_until(lambda: gone(pids(launcher)[0]), seconds=5, what="the orphan to end")
