"""Many clients' streams on one thread: raw sockets, resumed from the last id like the browser's."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from tests.processes import wait_until

SILENCE = 25.0  # s without a byte until a client hangs up, as in connection.js


class Place(NamedTuple):
    """A position as a client reads it; one that compares only within its epoch."""

    epoch: str
    offset: int

    @classmethod
    def read(cls, text: str) -> "Place":
        epoch, _, offset = text.rpartition("-")
        return cls(epoch, int(offset))

    def __str__(self) -> str:
        return f"{self.epoch}-{self.offset}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One durable event as it came; `at` is monotonic seconds."""

    place: Place
    data: str
    at: float


class Reader:
    """One client of `path` on a `side`. `channels` is what it may hear, for whoever judges it.

    `begin` is from where everything is owed to it: the position it came with, the first it was
    told, or that of the last reset.
    """

    def __init__(
        self,
        side: str,
        port: int,
        path: str,
        *,
        channels: frozenset[str],
        headers: Mapping[str, str],
        last: str = "",
        rng: Random,
        silence: float = SILENCE,
    ) -> None:
        self.side, self.port, self.path = side, port, path
        self.channels, self.silence = channels, silence
        self.begin = self.place = Place.read(last) if last else None
        self.arrivals: list[Arrival] = []
        self.opened = self.resets = 0
        self.live = False
        self.refusals: list[str] = []
        self.timed = True  # whether its arrivals are held to the phase's bounds
        self.headers = dict(headers)
        self._rng = rng

    async def run(self) -> None:
        """Read for ever: come back after any cut, a little later each time chance says so."""
        while True:
            with suppress(OSError, EOFError, ValueError, TimeoutError):
                await self._read_once()
            self.live = False
            await asyncio.sleep(self._rng.uniform(0.05, 0.4))

    async def _read_once(self) -> None:
        async with asyncio.timeout(self.silence):
            stream, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(self.request())
            async with asyncio.timeout(self.silence):
                head = await stream.readuntil(b"\r\n\r\n")
            status = head.split(b"\r\n", 1)[0].decode()
            if " 200 " not in status:
                self.refusals.append(status)
                return
            self.opened += 1
            self.live = True
            await self._read_blocks(stream)
        finally:
            writer.transport.abort()

    def request(self) -> bytes:
        headers = {"Host": "127.0.0.1", "Accept": "text/event-stream", **self.headers}
        if self.place:
            headers["Last-Event-ID"] = str(self.place)
        lines = [f"GET {self.path} HTTP/1.1", *(": ".join(each) for each in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()

    async def _read_blocks(self, stream: asyncio.StreamReader) -> None:
        rest = b""
        while True:
            async with asyncio.timeout(self.silence):
                size = int((await stream.readuntil(b"\r\n"))[:-2], 16)
                chunk = (await stream.readexactly(size + 2))[:-2]
            if not size:
                return
            *blocks, rest = (rest + chunk).split(b"\n\n")
            at = time.monotonic()
            for block in blocks:
                self._take(block.decode(), at)

    def _take(self, block: str, at: float) -> None:
        lines = (line.partition(": ") for line in block.split("\n"))
        fields = {name: value for name, _, value in lines if name}
        if "id" not in fields:
            return  # a comment, a retry, or an ephemeral event
        self.hear(Place.read(fields["id"]), fields.get("event"), fields.get("data"), at)

    def hear(self, place: Place, kind: str | None, data: str | None, at: float) -> None:
        """Take an event, or without data only a later position."""
        if kind == "reset":
            self.resets += 1
            self.begin = self.place = place
            self.arrivals.clear()
            return
        if data is not None:
            self.arrivals.append(Arrival(place, data, at))
        self.begin = self.begin or place
        self.place = place


class Audience:
    """A thread that runs readers until it is closed."""

    def __init__(self) -> None:
        self.readers: list[Reader] = []
        self._loop = asyncio.new_event_loop()
        self._tasks: dict[Reader, asyncio.Task[None]] = {}
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def admit(self, *readers: Reader) -> None:
        self.readers.extend(reader for reader in readers if reader not in self.readers)
        self._do(lambda: self._tasks.update({r: self._loop.create_task(r.run()) for r in readers}))

    def dismiss(self, *readers: Reader) -> None:
        """They leave at once, and may be admitted again."""

        async def cancel() -> None:
            tasks = [self._tasks.pop(reader) for reader in readers if reader in self._tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self._wait_for(cancel())
        for reader in readers:
            reader.live = False

    def wait_until_live(self, *readers: Reader, seconds: float = 20) -> None:
        wanted = readers or tuple(self.readers)
        wait_until(
            lambda: all(reader.live and reader.begin for reader in wanted),
            seconds=seconds,
            what=f"{len(wanted)} streams to be open",
        )

    def close(self) -> None:
        self.dismiss(*list(self._tasks))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, change: Callable[[], object]) -> None:
        async def on_our_loop() -> None:
            change()

        self._wait_for(on_our_loop())

    def _wait_for(self, work: object) -> object:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)  # type: ignore[arg-type]
