"""daphne's faults, each on a plain `daphne` process: as it comes, and mended by realtime.daphne.

Where a test runs bare too, it shows the fault there: once daphne mends it, so may we stop to.
"""

import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.processes import Process, environment, free_port, started, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(60)]

BARE, MENDED = "strange", "mended"
bare_and_mended = pytest.mark.parametrize("module", [BARE, MENDED])


class Served:
    """A running daphne; whatever is opened through it is closed with it."""

    def __init__(self, process: Process, port: int, at_the_end: ExitStack) -> None:
        self.process, self.port, self.at_the_end = process, port, at_the_end

    def connect(self) -> socket.socket:
        client = self.at_the_end.enter_context(socket.create_connection(("127.0.0.1", self.port)))
        client.settimeout(15)
        return client

    def ask(self, path: str, *, upgrade: bool = False) -> socket.socket:
        """A connection on which `path` has been asked for."""
        client = self.connect()
        lines = [f"GET {path} HTTP/1.1", "Host: localhost"]
        if upgrade:
            lines += ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
            lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        return client

    def opened(self, path: str) -> socket.socket:
        client = self.ask(path)
        read_until(client, b"open")
        return client

    def says(self, text: str) -> None:
        wait_until(lambda: text in self.process.said, seconds=10, what=f"{text!r}")


@contextmanager
def served(module: str, folder: Path, *flags: str) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), *flags]
    application = f"tests.faults.{module}:application"
    with (
        started(
            [*command, application], env=environment(folder), output=folder / "said"
        ) as process,
        ExitStack() as at_the_end,
    ):
        wait_until(lambda: "Listening on" in process.said, what="daphne to listen")
        yield Served(process, port, at_the_end)


def read_until(client: socket.socket, wanted: bytes) -> bytes:
    read = b""
    while wanted not in read:
        part = client.recv(65536)
        assert part, f"closed after {read!r}"
        read += part
    return read


def rest(client: socket.socket) -> bytes:
    """All that comes until the server closes."""
    read = b""
    try:
        while part := client.recv(65536):
            read += part
    except ConnectionResetError:
        pass
    return read


def farewells(served: Served, streams: list[socket.socket]) -> int:
    """How many of the streams hear a farewell when the process is told to end; it ends at once."""
    told_at = time.monotonic()
    assert served.process.stop() == 0
    assert time.monotonic() - told_at < 3
    return sum(b"farewell" in rest(stream) for stream in streams)


def fifty(daphne: Served) -> list[socket.socket]:
    return [daphne.opened("/stream") for _ in range(50)]


def upgraded(daphne: Served) -> socket.socket:
    client = daphne.ask("/socket", upgrade=True)
    read_until(client, b"\r\n\r\n")
    return client


def test_every_stream_hears_a_farewell(tmp_path: Path) -> None:
    with served(MENDED, tmp_path) as daphne:
        assert farewells(daphne, fifty(daphne)) == 50


@bare_and_mended
def test_a_half_sent_request_costs_nobody_the_farewell(tmp_path: Path, module: str) -> None:
    with served(module, tmp_path) as daphne:
        streams = fifty(daphne)
        half = daphne.connect()
        half.sendall(b"POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        daphne.opened("/stream")  # it came later, so the half is known as well
        assert farewells(daphne, streams) == {BARE: 0, MENDED: 50}[module]


def test_an_answer_left_unended_costs_nobody_the_farewell(tmp_path: Path) -> None:
    with served(MENDED, tmp_path, "--application-close-timeout", "1") as daphne:
        streams = fifty(daphne)
        daphne.opened("/unended")
        daphne.opened("/deaf").close()
        daphne.says("deaf one reaped")  # a round of the checker has passed since
        assert farewells(daphne, streams) == 50


@bare_and_mended
def test_a_socket_hears_why_it_is_left(tmp_path: Path, module: str) -> None:
    with served(module, tmp_path) as daphne:
        client = upgraded(daphne)
        daphne.process.send(signal.SIGTERM)
        frame = b"\x88\x02" + (1012).to_bytes(2, "big")
        assert rest(client) == {BARE: b"", MENDED: frame}[module]


def test_one_that_fails_in_mid_answer_is_cut_and_others_are_still_reaped(tmp_path: Path) -> None:
    with served(MENDED, tmp_path, "--application-close-timeout", "1") as daphne:
        rest(daphne.opened("/fails"))
        daphne.opened("/deaf").close()
        daphne.says("deaf one reaped")


@bare_and_mended
def test_a_request_in_progress_is_answered_before_the_end(tmp_path: Path, module: str) -> None:
    with served(module, tmp_path) as daphne:
        client = daphne.ask("/slow")
        daphne.says("slow one asked")
        daphne.process.send(signal.SIGTERM)
        assert (b"answered" in rest(client)) == (module == MENDED)


def test_a_view_that_hangs_neither_keeps_the_farewell_nor_the_process(tmp_path: Path) -> None:
    with served(MENDED, tmp_path) as daphne:
        streams = fifty(daphne)
        daphne.ask("/hangs")
        daphne.says("hanging one asked")
        told_at = time.monotonic()
        daphne.process.send(signal.SIGTERM)
        for stream in streams:
            read_until(stream, b"farewell")
        assert time.monotonic() - told_at < 2
        assert daphne.process.wait(9) == 0  # a supervisor's patience is 10 s
        assert "left_with_work_unfinished" in daphne.process.said


@bare_and_mended
def test_a_clock_put_forward_kills_nobody_who_is_closing(tmp_path: Path, module: str) -> None:
    with served(module, tmp_path) as daphne:
        daphne.opened("/closing").close()
        daphne.opened("/an_hour_later")
        daphne.says({BARE: "killed while closing", MENDED: "closed in peace"}[module])


def test_a_silent_socket_is_let_go_whatever_the_clock_does(tmp_path: Path) -> None:
    with served(MENDED, tmp_path, "--ping-interval", "1", "--ping-timeout", "1") as daphne:
        client = upgraded(daphne)
        daphne.opened("/an_hour_earlier")
        daphne.says("socket left")
        assert b"\x89" in rest(client), "nobody pinged"


@bare_and_mended
def test_hundreds_may_wait_for_a_busy_process(tmp_path: Path, module: str) -> None:
    with served(module, tmp_path) as daphne:
        daphne.process.send(signal.SIGSTOP)
        try:
            waiting = taken_by_the_kernel(daphne, 300)
        finally:
            daphne.process.send(signal.SIGCONT)
        assert (waiting == 300) == (module == MENDED)


def taken_by_the_kernel(daphne: Served, number: int) -> int:
    """How many of so many connections are taken for the process within a second."""
    poll = select.poll()
    for _ in range(number):
        client = daphne.at_the_end.enter_context(socket.socket())
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", daphne.port))
        poll.register(client, select.POLLOUT)
    deadline, taken = time.monotonic() + 1, 0
    while taken < number and time.monotonic() < deadline:
        for descriptor, _ in poll.poll(100):
            poll.unregister(descriptor)
            taken += 1
    return taken
