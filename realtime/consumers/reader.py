"""What both transports share: a connection of the hub with an outbox and a writer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from realtime import hub, metrics
from realtime.frames import Frame
from realtime.log import Position
from realtime.outbox import MAX_BYTES, Outbox, abort, unsent_bytes
from realtime.streams import Send, Subscription

logger = structlog.get_logger(__name__)

STALLED = 0.05  # s between looks at a client that does not read
PATIENCE = 10.0  # s until such a client is let go; it resumes from its position


class Reader:
    """One connection: frames go in encoded, `write` sends them, a reader that stalls is dropped."""

    def __init__(
        self,
        subscription: Subscription,
        *,
        transport: str,
        send: Send,
        encode: Callable[[Frame], bytes],
        heartbeat: Callable[[Position], bytes] | None,
        write: Callable[[list[bytes]], Awaitable[None]],
    ) -> None:
        self.channels = subscription.channels
        self.subscription = subscription
        self.transport = transport
        self._send, self._unsent = send, unsent_bytes(send)
        self._encode, self._heartbeat, self._write = encode, heartbeat, write
        self._outbox = Outbox()
        self._overrun = asyncio.Event()

    def deliver(self, frame: Frame) -> None:
        metrics.deliveries.inc()
        self._put(self._encode(frame))

    def beat(self, position: Position) -> None:
        if self._heartbeat is not None:
            self._put(self._heartbeat(position))

    def say(self, data: bytes) -> None:
        """Queue something of the connection's own behind the frames before it."""
        self._put(data)

    async def flushed(self) -> None:
        await self._outbox.emptied()
        await self._until_read()

    async def run(self, last: str | None) -> None:
        """Join the hub and write until cancelled, or until the client is too slow."""
        home = await hub.current()
        metrics.connections.labels(self.transport).inc()
        writer = asyncio.create_task(self._write_for_ever())
        overrun = asyncio.create_task(self._overrun.wait())
        joining = asyncio.create_task(home.join(self, self.subscription.log, last))
        try:
            await asyncio.wait({joining, writer, overrun}, return_when=asyncio.FIRST_COMPLETED)
            if joining.done():
                joining.result()
                await asyncio.wait({writer, overrun}, return_when=asyncio.FIRST_COMPLETED)
            self._let_go(writer)
        finally:
            await _cancel(writer, overrun, joining)
            home.leave(self, self.subscription.log)
            metrics.connections.labels(self.transport).dec()

    def _put(self, data: bytes) -> None:
        if not self._overrun.is_set() and not self._outbox.put(data):
            self._overrun.set()

    async def _write_for_ever(self) -> None:
        while True:
            items = await self._outbox.take()
            await self._write(items)
            await self._until_read()

    async def _until_read(self) -> None:
        """Hold back while the server still holds too much for this client."""
        waited = 0.0
        while self._unsent() > MAX_BYTES:
            if waited > PATIENCE:
                self._overrun.set()
            await asyncio.sleep(STALLED)
            waited += STALLED

    def _let_go(self, writer: asyncio.Task[None]) -> None:
        if self._overrun.is_set():
            metrics.slow_closed.inc()
            logger.info("slow_reader_closed", transport=self.transport, log=self.subscription.log)
            abort(self._send)
        elif writer.done():
            writer.result()


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
