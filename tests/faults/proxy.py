"""A TCP proxy that behaves as badly as networks do, on an event loop and thread of its own."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

Way = Literal["there", "back"]
BOTH: tuple[Way, ...] = ("there", "back")
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Link:
    """One client's connection and ours to the target behind it."""

    def __init__(self, *writers: asyncio.StreamWriter) -> None:
        self.writers = writers
        self.torn = False  # bytes were dropped: what follows them must never arrive

    def reset(self) -> None:
        for writer in self.writers:
            peer = writer.get_extra_info("socket")
            with suppress(OSError):  # closed already
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            writer.transport.abort()


class Proxy:
    """Forwards `port` to `target` (a unix socket's path or a TCP port) until told otherwise.

    `hold`: bytes wait, as in a network that is gone; `drop`: they vanish, and what was open is
    reset by `heal`; `delay`: each read waits; `cut`: reset all, accept nothing; `answer`: say so to
    whoever connects, and hang up. `heal` ends all of it.
    """

    def __init__(self, target: Path | int) -> None:
        self._target = target
        self._links: set[Link] = set()
        self._open: dict[Way, asyncio.Event] = {}
        self._dropped: frozenset[Way] = frozenset()
        self._delay = 0.0
        self._cut = False
        self._answer: bytes | None = None
        self.accepted = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server = self._wait_for(self._listen())
        self.port: int = self._server.sockets[0].getsockname()[1]

    def hold(self, *ways: Way) -> None:
        self._do(lambda: [self._open[way].clear() for way in ways or BOTH])

    def drop(self, *ways: Way) -> None:
        self._dropped = frozenset(ways or BOTH)

    def delay(self, seconds: float) -> None:
        self._delay = seconds

    def cut(self) -> None:
        self._cut = True
        self.reset()

    def answer(self, data: bytes) -> None:
        self._answer = data

    def reset(self) -> None:
        """Reset every connection that is open now."""
        self._do(lambda: [link.reset() for link in list(self._links)])

    def heal(self) -> None:
        self._cut, self._answer, self._delay = False, None, 0.0
        self._dropped = frozenset()
        self._do(self._reopen)

    def close(self) -> None:
        self._cut = True
        self.reset()
        self._wait_for(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _reopen(self) -> None:
        for link in [link for link in self._links if link.torn]:
            link.reset()
        for gate in self._open.values():
            gate.set()

    def _do(self, change: Callable[[], object]) -> None:
        async def on_our_loop() -> None:
            change()

        self._wait_for(on_our_loop())

    def _wait_for(self, work: object) -> object:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)  # type: ignore[arg-type]

    async def _listen(self) -> asyncio.Server:
        for way in BOTH:
            self._open[way] = asyncio.Event()
            self._open[way].set()
        return await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=4096)

    async def _end(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self._cut:
            Link(writer).reset()
            return
        if self._answer is not None:
            await self._refuse(reader, writer, self._answer)
            return
        try:
            far_reader, far_writer = await self._connect()
        except OSError:
            Link(writer).reset()
            return
        link = Link(writer, far_writer)
        self._links.add(link)
        there = asyncio.create_task(self._pump("there", reader, far_writer, link))
        try:
            await self._pump("back", far_reader, writer, link)
        finally:
            there.cancel()
            link.reset() if link.torn else [each.close() for each in link.writers]
            self._links.discard(link)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._target, int):
            return await asyncio.open_connection("127.0.0.1", self._target)
        return await asyncio.open_unix_connection(str(self._target))

    async def _refuse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: bytes
    ) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    async def _pump(
        self, way: Way, source: asyncio.StreamReader, to: asyncio.StreamWriter, link: Link
    ) -> None:
        with suppress(OSError):  # one end is gone, and then the other goes too
            while data := await source.read(65536):
                await self._open[way].wait()
                if self._delay:
                    await asyncio.sleep(self._delay)
                if way in self._dropped or link.torn:
                    link.torn = True
                    continue
                to.write(data)
                await to.drain()
        for writer in link.writers:
            writer.close()
