"""Thousands of clients in one process, which must cost less than the server it measures.

Raw sockets and one epoll; no line, chunk or JSON is parsed. Marks are counted, which stays exact
wherever the network splits an event, and the time behind a mark is read off by its place.
"""

import select
import socket
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.stamps import DIGITS, MARK, now

BATCH = 256  # sockets a look: those ready later are not timed by the look before


@dataclass(frozen=True)
class Opened:
    """How the connecting went; `refused` counts answers other than 200 and broken connections."""

    count: int
    seconds: float
    refused: int


class Listeners:
    """Clients of one address that send `request` and then only read. Close when done."""

    def __init__(self, port: int, request: bytes) -> None:
        self._port, self._request = port, request
        self._epoll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._buffer = bytearray(64 * 1024)
        self.marks = 0
        self.closed = 0
        self.latencies: dict[int, list[int]] = defaultdict(list)  # by stamp, microseconds

    def open(self, count: int, *, at_once: int = 200, seconds: float = 60) -> Opened:
        """Connect `count` more clients, `at_once` in flight, until all are answered."""
        began = time.monotonic()
        waiting: set[int] = set()
        begun = answered = refused = 0
        while answered + refused < count and time.monotonic() - began < seconds:
            while begun < count and len(waiting) < at_once:
                waiting.add(self._connect())
                begun += 1
            for fd, events in self._epoll.poll(0.1, BATCH):
                if events & select.EPOLLOUT:
                    self._ask(fd)
                elif fd not in waiting:
                    self._read(fd)
                elif self._answer(fd):
                    waiting.discard(fd)
                    answered += 1
                else:
                    waiting.discard(fd)
                    refused += 1
        return Opened(answered, time.monotonic() - began, refused + len(waiting))

    def listen(self, enough: Callable[[], object], *, seconds: float) -> bool:
        """Read until `enough()`, `seconds` at most; whether it was."""
        deadline = time.monotonic() + seconds
        while not enough():
            if time.monotonic() > deadline:
                return False
            for fd, _ in self._epoll.poll(0.05, BATCH):
                self._read(fd)
        return True

    def forget(self) -> None:
        """Start counting anew."""
        self.marks, self.closed = 0, 0
        self.latencies.clear()

    def close(self) -> None:
        for connection in self._sockets.values():
            connection.close()
        self._sockets.clear()
        self._epoll.close()

    def _connect(self) -> int:
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", self._port))
        fd = connection.fileno()
        self._sockets[fd] = connection
        self._epoll.register(fd, select.EPOLLOUT)
        return fd

    def _ask(self, fd: int) -> None:
        self._epoll.modify(fd, select.EPOLLIN)
        try:
            self._sockets[fd].send(self._request)
        except OSError:  # reading will say so
            return

    def _answer(self, fd: int) -> bool:
        """The head of a response has come; whatever event follows it in the same read counts."""
        try:
            size = self._sockets[fd].recv_into(self._buffer)
        except OSError:
            size = 0
        if not self._buffer.startswith(b"HTTP/1.1 200", 0, size):
            self._drop(fd)
            return False
        self._count(size)
        return True

    def _read(self, fd: int) -> None:
        try:
            size = self._sockets[fd].recv_into(self._buffer)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if size:
            self._count(size)
        else:
            self.closed += 1
            self._drop(fd)

    def _count(self, size: int) -> None:
        buffer = self._buffer
        found = buffer.find(MARK, 0, size)
        if found < 0:
            return
        self.marks += buffer.count(MARK, 0, size)
        at = now()
        while found >= 0 and found + DIGITS < size:  # one split in its digits is not timed
            sent = int(buffer[found + 1 : found + 1 + DIGITS])
            self.latencies[sent].append(at - sent)
            found = buffer.find(MARK, found + DIGITS, size)

    def _drop(self, fd: int) -> None:
        self._epoll.unregister(fd)
        self._sockets.pop(fd).close()
