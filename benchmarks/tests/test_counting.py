"""The generator counts what was sent, however the network cuts it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from benchmarks import stamps
from benchmarks.contestants import request
from benchmarks.listeners import Listeners

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@contextmanager
def server(answer: bytes, *, piece: int) -> Iterator[int]:
    """Answers one client with `answer` in pieces of `piece` bytes, then hangs up; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection:
                connection.recv(65536)
                connection.sendall(answer[: len(HEAD)])
                for start in range(len(HEAD), len(answer), piece):
                    connection.sendall(answer[start : start + piece])

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_every_mark_is_counted_once_wherever_it_is_cut(piece: int) -> None:
    events = b"".join(stamps.envelope(stamps.now()).encode() for _ in range(20))
    with (
        server(HEAD + events, piece=piece) as port,
        closing(Listeners(port, request("/"))) as listeners,
    ):
        assert listeners.open(1).refused == 0
        assert listeners.listen(lambda: listeners.closed, seconds=10)
        assert listeners.marks == 20


def test_a_latency_is_the_time_since_the_stamp() -> None:
    stamp = stamps.now() - 3_000_000
    with (
        server(HEAD + stamps.envelope(stamp).encode(), piece=100_000) as port,
        closing(Listeners(port, request("/"))) as listeners,
    ):
        listeners.open(1)
        assert listeners.listen(lambda: listeners.closed, seconds=10)
        (latency,) = listeners.latencies[stamp]
        assert 3_000_000 <= latency < 8_000_000


def test_an_answer_other_than_200_is_a_refusal() -> None:
    refusal = b"HTTP/1.1 503 Busy\r\n\r\n".ljust(len(HEAD))
    with (
        server(refusal, piece=1) as port,
        closing(Listeners(port, request("/"))) as listeners,
    ):
        opened = listeners.open(1, seconds=5)
        assert (opened.count, opened.refused) == (0, 1)
