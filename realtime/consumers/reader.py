"""What both transports share: a hub connection that writes in order and drops who is slow."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from realtime import hub, metrics
from realtime.frames import Frame
from realtime.lane import Lane
from realtime.log import Position
from realtime.outbox import MAX_BYTES, Outbox
from realtime.streams import Subscription

logger = structlog.get_logger(__name__)

STALLED = 0.05  # s between looks at a client that does not read
PATIENCE = 10.0  # s until such a client is let go; it resumes from its position


class Codec(Protocol):
    """How a transport puts frames and life signs into bytes."""

    def frame(self, frame: Frame) -> bytes: ...

    def heartbeat(self, position: Position) -> bytes: ...


class SlowReader(Exception):
    """The client does not read; it is let go, and resumes from its position."""


class Reader:
    """One connection: what is delivered is written at once, down the lane."""

    transport = "sse"
    way = "lane"

    def __init__(self, subscription: Subscription, codec: Codec, lane: Lane | None) -> None:
        self.channels = subscription.channels
        self.log = subscription.log
        self.codec = codec
        self.lane = lane
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def deliver(self, frame: Frame) -> None:
        self.write(self.codec.frame(frame))

    def beat(self, position: Position) -> None:
        self.write(self.codec.heartbeat(position))

    def write(self, data: bytes) -> None:
        """Write behind everything before it."""
        assert self.lane is not None  # noqa: S101 - chosen by `reader_for`
        self.lane.write(data)
        if self.lane.unsent > MAX_BYTES:
            self.end(SlowReader())

    async def flushed(self) -> None:
        """Wait until the client has read most of what was written; SlowReader if it does not."""
        waited = 0.0
        while self.lane is not None and self.lane.unsent > MAX_BYTES // 4:
            if waited > PATIENCE or self._over.done():
                raise SlowReader
            await asyncio.sleep(STALLED)
            waited += STALLED

    def end(self, error: BaseException) -> None:
        """Make `run` stop, with this reason."""
        if not self._over.done():
            self._over.set_exception(error)

    async def run(self, last: str | None) -> None:
        """Join the hub and listen until cancelled, or until the client is too slow."""
        home = await hub.current()
        metrics.connections.labels(self.transport, self.way).inc()
        try:
            await home.join(self, self.log, last)
            await self._over
        except SlowReader:
            metrics.slow_closed.inc()
            logger.info("slow_reader_closed", transport=self.transport, log=self.log)
            if self.lane is not None:
                self.lane.abort()
        finally:
            home.leave(self, self.log)
            self._over.cancel()
            metrics.connections.labels(self.transport, self.way).dec()


class QueuedReader(Reader):
    """Where there is no lane: an outbox, and a task that awaits `send` with what is in it."""

    way = "send"

    def __init__(
        self,
        subscription: Subscription,
        codec: Codec,
        lane: Lane | None,
        send: Callable[[list[bytes]], Awaitable[None]],
    ) -> None:
        super().__init__(subscription, codec, lane)
        self._send = send
        self._outbox = Outbox()

    def write(self, data: bytes) -> None:
        if self._outbox.size > MAX_BYTES:
            self.end(SlowReader())
        elif data:
            self._outbox.put(data)

    async def flushed(self) -> None:
        await self._outbox.emptied()
        await super().flushed()

    async def run(self, last: str | None) -> None:
        writer = asyncio.create_task(self._write_for_ever())
        try:
            await super().run(last)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _write_for_ever(self) -> None:
        try:
            while True:
                await self._send(await self._outbox.take())
                await super().flushed()
        except Exception as error:
            self.end(error)
