"""What both transports share: a hub connection that writes in order and drops who is slow."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from realtime import hub, metrics
from realtime.frames import Frame
from realtime.hub import Hub
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


async def position_now(log: str) -> str:
    """From where a client that names no position hears everything that is committed from now on."""
    return await (await hub.current()).position(log)


class Reader:
    """One client. It has no task of its own: what the hub delivers goes down the lane at once.

    `let_go` is called once if the client does not read; it resumes from its position. `end` is
    what ends the response in good order.
    """

    transport = "sse"
    way = "lane"

    def __init__(
        self,
        subscription: Subscription,
        codec: Codec,
        lane: Lane | None,
        *,
        let_go: Callable[[], object],
        end: Callable[[], object],
    ) -> None:
        self.channels = subscription.channels
        self.admits = subscription.admits
        self.grant = subscription.grant
        self.log = subscription.log
        self.codec = codec
        self.lane = lane
        self._let_go = let_go
        self._end = end
        self._slow = False
        self._home: Hub | None = None

    def deliver(self, frame: Frame) -> None:
        self.write(self.codec.frame(frame))

    def beat(self, position: Position) -> None:
        self.write(self.codec.heartbeat(position))

    def write(self, data: bytes) -> None:
        """Write behind everything before it."""
        assert self.lane is not None  # noqa: S101 - only a QueuedReader has none
        if not self.lane.write(data) and self.lane.unsent > MAX_BYTES:
            self.give_up()

    async def open(self, last: str) -> None:
        """Replay what was missed since `last`, then listen until `close`."""
        self._home = await hub.current()
        metrics.connections.labels(self.transport, self.way).inc()
        await self._home.join(self, self.log, last)

    def close(self) -> None:
        """Listen no more; the second time does nothing."""
        if self._home is not None:
            self._home.leave(self, self.log)
            self._home = None
            metrics.connections.labels(self.transport, self.way).dec()

    async def flushed(self) -> None:
        """Wait until the client has read most of what was written, or is given up."""
        waited = 0.0
        while self.lane is not None and self.lane.unsent > MAX_BYTES // 4 and not self._slow:
            await asyncio.sleep(STALLED)
            waited += STALLED
            if waited > PATIENCE:
                self.give_up()

    def end(self) -> None:
        """The right to listen is gone, or another one than it was."""
        metrics.revoked.inc()
        self._end()

    def give_up(self) -> None:
        """The client is too slow for what it asked to hear."""
        if not self._slow:
            self._slow = True
            metrics.slow_closed.inc()
            logger.info("slow_reader_closed", transport=self.transport, log=self.log)
            self._let_go()


class QueuedReader(Reader):
    """Where there is no lane: an outbox, and a task that awaits `send` with what is in it."""

    way = "send"

    def __init__(
        self,
        subscription: Subscription,
        codec: Codec,
        lane: Lane | None,
        *,
        let_go: Callable[[], object],
        end: Callable[[], object],
        send: Callable[[list[bytes]], Awaitable[None]],
    ) -> None:
        super().__init__(subscription, codec, lane, let_go=let_go, end=end)
        self._send = send
        self._outbox = Outbox()
        self._writer: asyncio.Task[None] | None = None

    def write(self, data: bytes) -> None:
        if self._outbox.size > MAX_BYTES:
            self.give_up()
        elif data and not self._slow:
            self._outbox.put(data)

    async def open(self, last: str) -> None:
        self._writer = asyncio.create_task(self._write_for_ever())
        await super().open(last)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
        super().close()

    async def flushed(self) -> None:
        await self._outbox.emptied()
        await super().flushed()

    async def _write_for_ever(self) -> None:
        try:
            while True:
                await self._send(await self._outbox.take())
                await super().flushed()
        except Exception:  # the server is done with this client; it comes back
            logger.warning("write_failed", transport=self.transport, exc_info=True)
            self.give_up()
