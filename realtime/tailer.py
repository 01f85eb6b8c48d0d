"""Compares the log's head with what we have applied: what a lost ring leaves out, this brings."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from django.db import DatabaseError

from realtime import log, metrics
from realtime.feed import Feed
from realtime.log import Head
from realtime.threads import Threads

logger = structlog.get_logger(__name__)

CALM = 0.25  # s between looks while Redis carries the rings
ALONE = 0.025  # s between looks while it does not
DATABASE_DOWN = 0.5
CHUNK = 500


class Tailer:
    """Keeps `feeds` at the heads of their logs, on a thread of its own that no other query delays.

    `rings_arrive` tells whether the channel layer works; `begin_anew` is called with a feed that
    can't go on from where it is, and the head to start over from.
    """

    def __init__(
        self,
        feeds: dict[str, Feed],
        *,
        rings_arrive: Callable[[], bool],
        begin_anew: Callable[[Feed, Head], None],
    ) -> None:
        self.feeds = feeds
        self.database_ok = True
        self._rings_arrive = rings_arrive
        self._begin_anew = begin_anew
        self._threads = Threads(1, "tailer")
        self._woken = asyncio.Event()
        self._reading = asyncio.Lock()

    def wake(self) -> None:
        """Look now: a ring told of events whose forerunners are missing."""
        self._woken.set()

    async def run(self) -> None:
        while True:
            await self._pause()
            try:
                await self.catch_up()
            except DatabaseError as error:
                self._database_lost(error)
            except Exception:
                logger.exception("tailer_failed")
                await asyncio.sleep(DATABASE_DOWN)
            else:
                self._database_well()

    async def catch_up(self) -> None:
        """Apply everything that is committed by now."""
        async with self._reading:
            self._woken.clear()
            applied = {feed: feed.applied for feed in self.feeds.values()}
            if not applied:
                return
            heads = await self._threads.run(log.heads, [feed.log for feed in applied])
            for feed, before in applied.items():
                # one dropped and opened again meanwhile knows more than this head
                if self.feeds.get(feed.log) is feed:
                    await self._follow(feed, before, heads.get(feed.log))
            self._measure(heads)

    async def _follow(self, feed: Feed, before: int, head: Head | None) -> None:
        """Bring `feed` to `head`; `before` is what it had applied when the head was read."""
        if head is None or head.epoch != feed.epoch or head.offset < before:
            await self._start_over(feed, head)
            return
        feed.floor = head.floor
        while feed.applied < head.offset:
            frames = await self._threads.run(
                log.read_after, feed.log, feed.epoch, feed.applied, limit=CHUNK
            )
            came_meanwhile = not frames and feed.applied >= head.offset
            if came_meanwhile:
                return
            if not frames or frames[0].offset > feed.applied + 1:
                await self._start_over(feed, head)  # trimmed before we read it
                return
            for frame in frames:
                feed.apply(frame, by="log")

    async def _start_over(self, feed: Feed, head: Head | None) -> None:
        """The log went backwards (a restored backup), vanished, or was trimmed beyond us."""
        went_backwards = (
            head is not None and head.epoch == feed.epoch and head.offset < feed.applied
        )
        if went_backwards or head is None:
            await self._threads.run(log.renew_epoch, feed.log, epoch=feed.epoch)
        fresh = await self._threads.run(log.head, feed.log)
        logger.warning("log_begun_anew", log=feed.log, epoch=fresh.epoch, offset=fresh.offset)
        self._begin_anew(feed, fresh)

    async def _pause(self) -> None:
        interval = CALM if self._rings_arrive() else ALONE
        if not self.database_ok:
            interval = DATABASE_DOWN
        with suppress(TimeoutError):
            async with asyncio.timeout(interval):
                await self._woken.wait()

    def _measure(self, heads: dict[str, Head]) -> None:
        for name, feed in self.feeds.items():
            feed.behind = max(0, heads[name].offset - feed.applied) if name in heads else 0
        metrics.log_lag.set(sum(feed.behind for feed in self.feeds.values()))

    def _database_lost(self, error: DatabaseError) -> None:
        if self.database_ok:
            logger.warning("tailer_database_lost", error=repr(error))
        self.database_ok = False

    def _database_well(self) -> None:
        if not self.database_ok:
            logger.info("tailer_database_back")
        self.database_ok = True
