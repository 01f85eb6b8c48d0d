"""One connection to Redis that may come and go, and the knowledge whether it is there."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog
from channels_redis.pubsub import RedisSingleShardConnection
from redis.exceptions import RedisError

from realtime import metrics

logger = structlog.get_logger(__name__)

# A healthy Redis answers in well under a millisecond; longer than this is as good as down.
PATIENCE = 0.5
DOUBT = 0.03  # s without an answer; the log is read in short intervals from then on
PROBE_INTERVAL = 0.1
RETRY_INTERVAL = 0.25
# After its return it takes as long until other processes, each at its own moment, ring again.
RETURN = 2 * PATIENCE
FAULTS = (RedisError, OSError, TimeoutError)


class LayerHealth:
    """Whether Redis carries the doorbells. Shared by all event loops of the process."""

    def __init__(self) -> None:
        self.up = True  # hoped for until an attempt fails
        self.proven = False
        self.doubted = False
        self.since = time.time()
        self._retry_at = 0.0
        self._carries_at = 0.0

    @property
    def name(self) -> str:
        """`redis`, `memory`, or `unknown` while nothing has been tried yet."""
        if not self.up:
            return "memory"
        return "redis" if self.proven else "unknown"

    @property
    def carries(self) -> bool:
        """Whether rings can be relied on just now."""
        well = self.up and self.proven and not self.doubted
        return well and time.monotonic() >= self._carries_at

    def worth_trying(self) -> bool:
        """Up, or down for long enough that one attempt may find out otherwise."""
        return self.up or time.monotonic() >= self._retry_at

    def lost(self, error: BaseException) -> None:
        """An attempt failed; says so once."""
        self._retry_at = time.monotonic() + PATIENCE
        if self.up:
            self.up, self.since = False, time.time()
            metrics.layer_up.set(0)
            logger.warning("redis_lost", error=repr(error), now="delivering from memory and log")

    def well(self) -> None:
        """A round trip succeeded."""
        self.doubted = False
        if not self.up or not self.proven:
            self.up, self.proven, self.since = True, True, time.time()
            self._carries_at = time.monotonic() + RETURN
            metrics.layer_up.set(1)
            logger.info("redis_up")


class FallbackShard(RedisSingleShardConnection):  # type: ignore[misc]
    """One Redis connection that remembers what it should be subscribed to, and never raises."""

    def __init__(
        self,
        host: dict[str, Any],
        layer: Any,
        *,
        health: LayerHealth,
        deliver_in_memory: Callable[[str, bytes], None],
    ) -> None:
        super().__init__(host, layer)
        self.deliver_in_memory = deliver_in_memory
        self.health = health
        self.wanted: set[str] = set()

    async def publish(self, channel: str, message: bytes) -> None:
        if self.health.worth_trying():
            try:
                await self.publish_to_redis(channel, message)
            except FAULTS as error:
                self.health.lost(error)
            else:
                # Redis brings it back to us over our own subscription, if that is not stale.
                if self.health.up:
                    return
        self.deliver_in_memory(channel, message)

    async def publish_to_redis(self, channel: str, message: bytes) -> None:
        """Publish or raise; waits PATIENCE seconds at most."""
        async with asyncio.timeout(PATIENCE):
            await super().publish(channel, message)

    async def subscribe(self, channel: str) -> None:
        self.wanted.add(channel)
        if self.health.worth_trying():
            try:
                async with asyncio.timeout(PATIENCE):
                    await super().subscribe(channel)
            except FAULTS as error:
                self.health.lost(error)

    async def unsubscribe(self, channel: str) -> None:
        self.wanted.discard(channel)
        if self.health.up:
            try:
                async with asyncio.timeout(PATIENCE):
                    await super().unsubscribe(channel)
            except FAULTS as error:
                self.health.lost(error)
        self._subscribed_to.discard(channel)

    async def reconnect(self) -> None:
        """A new connection with every wanted subscription on it, or raise."""
        async with asyncio.timeout(2 * PATIENCE):
            await self.flush()
            async with self._lock:
                self._ensure_redis()
                if self.wanted:
                    await self._pubsub.subscribe(*self.wanted)
                self._subscribed_to = set(self.wanted)
                self._ensure_receiver()

    async def _do_receiving(self) -> None:
        while True:
            try:
                if self._pubsub is not None and self._pubsub.subscribed:
                    received = await self._pubsub.get_message(
                        ignore_subscribe_messages=True, timeout=1.0
                    )
                    self._receive_message(received)
                else:
                    await asyncio.sleep(0.05)
            except FAULTS as error:
                # The one who watches brings a new connection; this one is done for.
                self.health.lost(error)
                await asyncio.sleep(RETRY_INTERVAL)
