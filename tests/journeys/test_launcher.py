import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from chatplatform.launcher.readiness import ask_readiness
from tests.processes import Process, environment, free_port, manage, started, wait_until


@contextmanager
def launched(folder: Path, *flags: str, **variables: str) -> Iterator[Process]:
    """`runplatform` with nothing but a DATA_DIR, as `make run` starts it."""
    folder.mkdir(exist_ok=True)
    with started(
        manage("runplatform", *flags),
        env=environment(folder, **variables),
        output=folder / "said",
    ) as process:
        yield process


@contextmanager
def seeded_one(seeded: Path, folder: Path, *flags: str) -> Iterator[Process]:
    """The same with the demo already in its DATA_DIR, which saves the seconds of making it."""
    folder.mkdir()
    shutil.copy(seeded, folder / "chatplatform.sqlite3")
    with launched(folder, *flags) as process:
        yield process


def ready(process: Process) -> bool:
    return "Chatplatform is ready" in process.said or not process.running


def two_ports() -> tuple[list[str], list[int]]:
    ports = [free_port(), free_port()]
    return [f"--chatbot-port={ports[0]}", f"--workbench-port={ports[1]}"], ports


def children(process: Process) -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
    return found


def test_it_starts_from_nothing_heals_and_leaves_nothing_behind(short_path: Path) -> None:
    flags, ports = two_ports()
    with launched(short_path / "a", *flags) as process:
        wait_until(lambda: ready(process), seconds=60, what="the platform")
        assert "demo-pass-1234" in process.said, process.said
        first = children(process)
        assert len(first) == 3, "two daphnes and a Valkey"
        for child in first:
            child.kill()
        wait_until(lambda: len(set(children(process)) - set(first)) == 3, what="three new ones")
        wait_until(lambda: all(serves(port) for port in ports), what="both sides to serve")
        second = children(process)
        process.send(signal.SIGINT)
        assert process.wait(15) == 0
        assert not any(child.is_running() for child in second)
        assert all(closed(port) for port in ports)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_killed_outright_it_leaves_no_orphans(seeded: Path, short_path: Path) -> None:
    flags, ports = two_ports()
    with seeded_one(seeded, short_path / "a", *flags) as process:
        wait_until(lambda: ready(process), seconds=60, what="the platform")
        left = children(process)
        process.kill()
        wait_until(lambda: all(closed(port) for port in ports), what="the ports to be free")
        wait_until(lambda: not any(child.is_running() for child in left), what="no orphans")


def test_two_platforms_live_side_by_side_and_end_in_peace(seeded: Path, short_path: Path) -> None:
    (flags, ports), (other_flags, other_ports) = two_ports(), two_ports()
    with (
        seeded_one(seeded, short_path / "a", *flags) as one,
        seeded_one(seeded, short_path / "b", *other_flags) as other,
    ):
        wait_until(lambda: ready(one) and ready(other), seconds=60, what="both platforms")
        assert one.running, one.said
        assert other.running, other.said
        assert all(serves(port) for port in ports + other_ports)
        for process in (one, other):
            process.send(signal.SIGINT)
            assert process.wait(15) == 0
            assert "Traceback" not in process.said, process.said


def test_a_taken_port_ends_the_start_and_is_named(short_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        flags = [f"--chatbot-port={port}", f"--workbench-port={free_port()}"]
        with launched(short_path / "a", *flags) as process:
            assert process.wait(30) == 1
            assert f"port {port} is in use" in process.said
            assert "--chatbot-port" in process.said


def test_bad_settings_are_all_named_at_once(short_path: Path) -> None:
    with launched(short_path / "a", CHATBOT_PORT="ninety", REDIS_URL="http://x") as process:
        assert process.wait(30) == 1
        assert "CHATBOT_PORT" in process.said
        assert "REDIS_URL" in process.said


def serves(port: int) -> bool:
    return ask_readiness("127.0.0.1", port, host_header="localhost", timeout=5).serves


def closed(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
