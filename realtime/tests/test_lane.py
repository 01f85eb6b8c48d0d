"""The lane on a real Twisted transport over a real socket, with a reactor that we turn by hand."""

import socket
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.protocol import Protocol
from twisted.internet.tcp import Server

from realtime.lane import Lane, response_lane


class HandReactor:
    """Remembers who wants to write."""

    def __init__(self) -> None:
        self.writers: set[Any] = set()
        self.later: list[Any] = []

    def addReader(self, reader: Any) -> None: ...  # noqa: N802 - Twisted's names

    def removeReader(self, reader: Any) -> None: ...  # noqa: N802

    def addWriter(self, writer: Any) -> None:  # noqa: N802
        self.writers.add(writer)

    def removeWriter(self, writer: Any) -> None:  # noqa: N802
        self.writers.discard(writer)

    def callLater(self, delay: float, call: Any, *args: Any) -> None:  # noqa: N802
        self.later.append((call, args))


class Pair:
    """A server transport and the client's end of its connection, with small kernel buffers."""

    def __init__(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.client = socket.socket()
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.client.connect(listener.getsockname())
        self.accepted, address = listener.accept()
        self.accepted.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        listener.close()
        self.client.setblocking(False)
        self.reactor = HandReactor()
        server: Any = Server
        self.transport = server(self.accepted, Protocol(), address, None, 1, self.reactor)
        self.lane = Lane(self.transport)
        self.received = bytearray()

    def close(self) -> None:
        self.client.close()
        self.accepted.close()

    def read(self, limit: int = 1 << 20) -> bytes:
        """One read by the client, then one turn of the reactor."""
        try:
            part = self.client.recv(limit)
        except BlockingIOError:
            part = b""
        self.received += part
        for writer in list(self.reactor.writers):
            writer.doWrite()
        return part

    def read_all(self, size: int) -> bytes:
        for _ in range(100_000):
            if len(self.received) >= size:
                break
            self.read()
        return bytes(self.received)


@pytest.fixture
def pair() -> Iterator[Pair]:
    with closing(Pair()) as made:
        yield made


def test_a_client_that_reads_gets_bytes_without_a_turn_of_the_reactor(pair: Pair) -> None:
    pair.lane.write(b"hello")
    assert pair.client.recv(100) == b"hello"
    assert pair.reactor.writers == set()


def test_what_does_not_fit_follows_in_order(pair: Pair) -> None:
    sent = b"".join(b"%06d" % number for number in range(20_000))
    for start in range(0, len(sent), 600):
        pair.lane.write(sent[start : start + 600])
    assert pair.lane.unsent > 0
    assert pair.read_all(len(sent)) == sent
    assert pair.lane.unsent == 0


def test_what_the_server_wrote_itself_stays_in_front(pair: Pair) -> None:
    pair.transport.write(b"headers ")
    pair.lane.write(b"event")
    assert pair.read_all(13) == b"headers event"


def test_a_client_that_went_away_raises_nothing(pair: Pair) -> None:
    pair.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    pair.client.close()
    for _ in range(3):
        pair.lane.write(b"x" * 1000)
    assert len(pair.reactor.later) == 1  # the end of the connection, once


def test_nothing_is_written_once_the_connection_is_ending(pair: Pair) -> None:
    pair.transport.disconnecting = True
    pair.lane.write(b"late")
    assert pair.lane.unsent == 0
    with pytest.raises(BlockingIOError):
        pair.client.recv(10)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["lane", "server"]), st.integers(1, 9000)),
            st.tuples(st.just("read"), st.integers(1, 5000)),
        ),
        max_size=60,
    )
)
def test_however_writes_and_reads_mix_the_bytes_arrive_in_order(
    steps: list[tuple[str, int]],
) -> None:
    with closing(Pair()) as pair:
        sent = bytearray()
        for number, (kind, size) in enumerate(steps):
            if kind == "read":
                pair.read(size)
                continue
            data = bytes([number % 251]) * size
            sent += data
            pair.lane.write(data) if kind == "lane" else pair.transport.write(data)
        assert pair.read_all(len(sent)) == bytes(sent)


async def _plain_send(message: Any) -> None: ...


@pytest.mark.parametrize(
    "send",
    [
        _plain_send,
        SimpleNamespace(args=()),
        SimpleNamespace(args=(SimpleNamespace(channel=None),)),
        SimpleNamespace(
            args=(SimpleNamespace(chunked=1, channel=SimpleNamespace(transport=object())),)
        ),
    ],
)
def test_another_server_has_no_lane(send: Any) -> None:
    assert response_lane(send) is None


def test_an_answer_without_chunks_has_no_lane(pair: Pair) -> None:
    request = SimpleNamespace(chunked=0, channel=SimpleNamespace(transport=pair.transport))
    assert response_lane(SimpleNamespace(args=(request,))) is None
    request.chunked = 1
    assert response_lane(SimpleNamespace(args=(request,))) is not None
