"""Compares the log's head with what we have applied: what a lost ring leaves out, this brings."""

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from django.db import DatabaseError

from realtime import log, metrics
from realtime.log import Head
from realtime.threads import Threads

if TYPE_CHECKING:
    from realtime.feed import Feed
    from realtime.hub import Hub

logger = structlog.get_logger(__name__)

CALM = 0.25  # s between looks while Redis carries the rings
ALONE = 0.025  # s between looks while it does not
DATABASE_DOWN = 0.5
UNUSED = 60.0  # s between looks for logs that nobody listens to any more
CHUNK = 500


class Tailer:
    """One per hub. Reads on a thread of its own, so that no other query delays it."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self.database_ok = True
        self._threads = Threads(1, "tailer")
        self._woken = asyncio.Event()
        self._reading = asyncio.Lock()
        self._tidied = time.monotonic()

    def wake(self) -> None:
        """Look now: a ring told of events whose forerunners are missing."""
        self._woken.set()

    async def run(self) -> None:
        while True:
            await self._pause()
            try:
                await self.catch_up()
                await self._tidy()
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
            applied = {name: feed.applied for name, feed in self.hub.feeds.items()}
            if not applied:
                return
            heads = await self._threads.run(log.heads, applied)
            for name, before in applied.items():
                feed = self.hub.feeds.get(name)
                if feed is not None:
                    await self._follow(feed, before, heads.get(name))
            self._measure(heads)

    async def _follow(self, feed: "Feed", before: int, head: Head | None) -> None:
        """Bring `feed` to `head`; `before` is what it had applied when the head was read."""
        if head is None or head.epoch != feed.epoch or head.offset < before:
            await self._begin_anew(feed, head)
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
                await self._begin_anew(feed, head)  # trimmed before we read it
                return
            for frame in frames:
                feed.apply(frame, by="log")

    async def _begin_anew(self, feed: "Feed", head: Head | None) -> None:
        """The log went backwards (a restored backup), vanished, or was trimmed beyond us."""
        went_backwards = (
            head is not None and head.epoch == feed.epoch and head.offset < feed.applied
        )
        if went_backwards or head is None:
            await self._threads.run(log.renew_epoch, feed.log, epoch=feed.epoch)
        fresh = await self._threads.run(log.head, feed.log)
        logger.warning("log_begun_anew", log=feed.log, epoch=fresh.epoch, offset=fresh.offset)
        self.hub.reset_all(feed, fresh, [])

    async def _pause(self) -> None:
        health = getattr(self.hub.layer, "health", None)
        interval = CALM if health is not None and health.up and health.proven else ALONE
        if not self.database_ok:
            interval = DATABASE_DOWN
        with suppress(TimeoutError):
            async with asyncio.timeout(interval):
                await self._woken.wait()

    async def _tidy(self) -> None:
        if time.monotonic() - self._tidied > UNUSED:
            self._tidied = time.monotonic()
            await self.hub.drop_unused()

    def _measure(self, heads: dict[str, Head]) -> None:
        for name, feed in self.hub.feeds.items():
            feed.behind = max(0, heads[name].offset - feed.applied) if name in heads else 0
        metrics.log_lag.set(sum(feed.behind for feed in self.hub.feeds.values()))

    def _database_lost(self, error: DatabaseError) -> None:
        if self.database_ok:
            logger.warning("tailer_database_lost", error=repr(error))
        self.database_ok = False

    def _database_well(self) -> None:
        if not self.database_ok:
            logger.info("tailer_database_back")
        self.database_ok = True
