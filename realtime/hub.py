"""One hub per process: joins each log once and hands every frame to the connections that listen."""

import asyncio
from contextlib import suppress
from typing import Any

import structlog
from channels.layers import get_channel_layer
from django.db import DatabaseError

from realtime import channels, doorbell, log, metrics, streams
from realtime.errors import RealtimeError
from realtime.feed import Connection, Feed, reaches
from realtime.frames import Frame
from realtime.layers import FallbackChannelLayer
from realtime.log import Head, Position
from realtime.tailer import Tailer
from realtime.threads import in_thread

logger = structlog.get_logger(__name__)

HEARTBEAT = 10.0  # s; proxies hang up on silence at 30 or 60
RECHECK = 2.0  # s; who lost the right to listen is gone within 5
MAX_REPLAY = 5_000  # further behind than this, fetching the state is cheaper for everyone
CHUNK = 500  # frames per read from the log, and connections per slice of a heartbeat
PORTION = (
    32_000  # characters replayed at once: as much as fits what a connection may owe its client
)


class Hub:
    """Feeds, and the tasks that keep them true. Belongs to one event loop."""

    def __init__(self) -> None:
        self.feeds: dict[str, Feed] = {}
        self.layer: Any = get_channel_layer()
        self.tailer = Tailer(
            self.feeds, rings_arrive=self._rings_arrive, begin_anew=self._begin_anew
        )
        self._loop = asyncio.get_running_loop()
        self._channel = ""
        self._opening = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start listening; does nothing the second time."""
        if self._tasks:
            return
        works = [self._hear_layer(), self._beat(), self._recheck(), self.tailer.run()]
        if isinstance(self.layer, FallbackChannelLayer):
            works.append(self.layer.watch(on_doubt=self.tailer.wake))
        self._tasks = [asyncio.create_task(work) for work in works]
        doorbell.listen(self.hear_from_any_thread)

    async def stop(self) -> None:
        """Stop listening; connections are left as they are."""
        doorbell.unlisten(self.hear_from_any_thread)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    # -- frames come in ----------------------------------------------------------------------

    def hear_from_any_thread(self, frame: Frame) -> None:
        """A frame was published in this process."""
        with suppress(RuntimeError):  # the loop is closed: nobody listens here any more
            self._loop.call_soon_threadsafe(self.hear, frame, "local")

    def hear(self, frame: Frame, by: str) -> None:
        """Take a frame from a ring. Frames of logs that nobody here listens to are ignored."""
        feed = self.feeds.get(frame.log)
        if feed is None:
            return
        if not frame.epoch:
            feed.whisper(frame)
        elif not feed.apply(frame, by=by):
            self.tailer.wake()

    async def _hear_layer(self) -> None:
        self._channel = await self.layer.new_channel("hub.")
        for name in self.feeds:
            await self.layer.group_add(channels.group(name), self._channel)
        while True:
            message = await self.layer.receive(self._channel)
            try:
                frame = Frame.from_message(message)
            except RealtimeError:
                logger.warning("strange_message_on_layer", keys=sorted(map(str, message))[:10])
                continue
            if message.get("origin") != doorbell.ORIGIN:
                self.hear(frame, "layer")

    # -- connections come and go -------------------------------------------------------------

    async def join(self, connection: Connection, name: str, last: str | None) -> None:
        """Replay what `connection` missed since `last` (`epoch-offset`), then let it listen live.

        No position: from now on. A position that is unknown, trimmed or too far back: a `reset`.
        The last look at the recent frames and the registration are one step of the event loop, so
        nothing falls between replay and live.
        """
        feed = await self._feed(name)
        feed.joining += 1
        try:
            await self._replay(connection, feed, last)
        finally:
            feed.joining -= 1

    async def position(self, name: str) -> str:
        """Where the log is by now: who joins from there misses nothing of what comes next."""
        return str((await self._feed(name)).position)

    def leave(self, connection: Connection, name: str) -> None:
        """Forget a connection, joined or not."""
        if name in self.feeds:
            self.feeds[name].remove(connection)

    async def _replay(self, connection: Connection, feed: Feed, last: str | None) -> None:
        offset = await self._starting_offset(feed, last)
        epoch = feed.epoch
        while offset is not None:
            at_hand = feed.since(offset) if feed.epoch == epoch else None
            if at_hand is None:
                offset = await self._replay_from_log(connection, feed, epoch, offset)
                continue
            count = _deliver_portion(connection, at_hand)
            if count == len(at_hand):
                break
            offset = at_hand[count - 1].offset
            await connection.flushed()
        if offset is None:
            _reset(connection, feed)
        connection.beat(feed.position)
        feed.add(connection)

    async def _feed(self, name: str) -> Feed:
        async with self._opening:
            if name not in self.feeds:
                head, recent = await in_thread(_open_log, name)
                self.feeds[name] = Feed(name, head, recent)
                if self._channel:
                    await self.layer.group_add(channels.group(name), self._channel)
                self.tailer.wake()
            return self.feeds[name]

    async def _starting_offset(self, feed: Feed, last: str | None) -> int | None:
        """The offset to replay from, or None for a reset."""
        if not last:
            return feed.applied
        position = Position.parse(last)
        if position is None:
            return None
        if position.epoch != feed.epoch or position.offset > feed.applied:
            # The client may have seen the log through another process, a moment ahead of us.
            await self.tailer.catch_up()
        if position.epoch != feed.epoch or not self._replayable(feed, position.offset):
            return None
        return position.offset

    def _replayable(self, feed: Feed, offset: int) -> bool:
        return max(feed.floor, feed.applied - MAX_REPLAY) <= offset <= feed.applied

    async def _replay_from_log(
        self, connection: Connection, feed: Feed, epoch: str, offset: int
    ) -> int | None:
        """Hand over the next frames after `offset`; returns the last one's offset.

        None if they were trimmed or the log began anew.
        """
        frames = await in_thread(log.read_after, feed.log, epoch, offset, limit=CHUNK)
        # What the feed has not applied yet is still to come to everyone, and would come twice.
        frames = [frame for frame in frames if frame.offset <= feed.applied]
        if not frames or frames[0].offset != offset + 1:
            return None
        last = frames[-1].offset
        while frames and feed.epoch == epoch:
            del frames[: _deliver_portion(connection, frames)]
            await connection.flushed()
        return last if feed.epoch == epoch else None

    # -- life signs and new beginnings -------------------------------------------------------

    def _rings_arrive(self) -> bool:
        health = getattr(self.layer, "health", None)
        return health is not None and bool(health.carries)

    def _begin_anew(self, feed: Feed, head: Head) -> None:
        """The feed can't go on from where it is: start over, and have clients fetch their state."""
        feed.begin(head)
        for connection in feed.connections():
            _reset(connection, feed)

    async def drop_unused(self) -> None:
        """Leave the groups of logs that nobody listens to."""
        for name in [name for name, feed in self.feeds.items() if feed.unused]:
            async with self._opening:
                if name in self.feeds and self.feeds[name].unused:
                    del self.feeds[name]
                    await self.layer.group_discard(channels.group(name), self._channel)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            await self.drop_unused()
            for feed in list(self.feeds.values()):
                for count, connection in enumerate(feed.connections(), 1):
                    connection.beat(feed.position)
                    if count % CHUNK == 0:
                        await asyncio.sleep(0)

    async def end_revoked(self) -> None:
        """End the connections whose grant no longer holds."""
        holders = [
            connection
            for feed in self.feeds.values()
            for connection in feed.connections()
            if connection.grant is not None
        ]
        grants = {connection.grant for connection in holders if connection.grant is not None}
        if not grants:
            return
        held = await in_thread(streams.held, grants)
        for connection in holders:
            if connection.grant not in held:
                connection.end()

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            try:
                await self.end_revoked()
            except DatabaseError as error:  # nobody is sent away because we can't look
                logger.warning("grants_not_checked", error=repr(error))
            except Exception:
                logger.exception("recheck_failed")


def _deliver_portion(connection: Connection, frames: list[Frame]) -> int:
    """Deliver some of the frames, from the first on; returns how many of them are dealt with."""
    size = 0
    for count, frame in enumerate(frames, 1):
        if reaches(frame, connection):
            connection.deliver(frame)
            size += len(frame.data)
        if size > PORTION or count == CHUNK:
            return count
    return len(frames)


def _reset(connection: Connection, feed: Feed) -> None:
    metrics.resets.labels("position").inc()
    connection.deliver(Frame.reset(feed.log, feed.epoch, feed.applied))


def _open_log(name: str) -> tuple[Head, list[Frame]]:
    """The head and the recent frames: a restarted process serves reconnects from memory."""
    head = log.head(name)
    after = max(head.floor, head.offset - 2 * CHUNK)
    recent = log.read_after(name, head.epoch, after, limit=2 * CHUNK)
    return head, [frame for frame in recent if frame.offset <= head.offset]


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


async def current() -> Hub:
    """The running loop's hub, started."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        for closed in [known for known in _hubs if known.is_closed()]:
            del _hubs[closed]
        hub = _hubs[loop] = Hub()
    await hub.start()
    return hub


def running() -> list[Hub]:
    """The hubs of this process: one where it serves, none in a command."""
    return [hub for loop, hub in list(_hubs.items()) if not loop.is_closed()]


def _count_tasks() -> int:
    return sum(len(asyncio.all_tasks(loop)) for loop in list(_hubs) if not loop.is_closed())


def _count_listeners() -> int:
    return sum(feed.entries for each in running() for feed in list(each.feeds.values()))


metrics.tasks.set_function(_count_tasks)
metrics.listeners.set_function(_count_listeners)
