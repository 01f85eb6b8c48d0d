"""The channel layer: Redis pub/sub while Redis answers, this process' memory while it does not.

It carries doorbells, which may be lost: the log heals that. What it must never do is block or fail
a caller. channels_redis keeps every channel and group of a process in plain dictionaries already;
here the same dictionaries are fed directly when Redis is away. (Channels' InMemoryChannelLayer does
the same in memory, but forgets members, is quadratic in them and is not thread-safe.)
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from channels.layers import BaseChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from channels_redis.utils import _wrap_close
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from realtime.shard import (
    DOUBT,
    FAULTS,
    PATIENCE,
    PROBE_INTERVAL,
    RETRY_INTERVAL,
    FallbackShard,
    LayerHealth,
)


class FallbackLoopLayer(RedisPubSubLoopLayer):  # type: ignore[misc]
    """The layer as one event loop sees it."""

    def __init__(self, *args: Any, channel_layer: "FallbackChannelLayer", **kwargs: Any) -> None:
        super().__init__(*args, channel_layer=channel_layer, **kwargs)
        self._shards: list[FallbackShard] = [
            FallbackShard(
                shard.host,
                self,
                health=channel_layer.health,
                deliver_in_memory=channel_layer.deliver_in_memory,
            )
            for shard in self._shards
        ]

    def deliver(self, name: str, message: bytes) -> None:
        """Hand a message to this loop's channels, as if Redis had brought it."""
        self._shards[0]._receive_message({"channel": name, "data": message})

    async def receive(self, channel: str) -> dict[str, Any]:
        """The next message; a receiver that is cancelled has left.

        channels_redis forgets it then, but not its memberships if it did not end them itself.
        """
        try:
            message: dict[str, Any] = await super().receive(channel)
        except BaseException:
            if channel not in self.channels:
                await self._leave_all_groups(channel)
            raise
        return message

    async def _leave_all_groups(self, channel: str) -> None:
        for name in [name for name, members in self.groups.items() if channel in members]:
            self.groups[name].discard(channel)
            if not self.groups[name]:
                del self.groups[name]
                await self._get_shard(name).unsubscribe(name)

    async def flush(self) -> None:
        for shard in self._shards:
            shard.wanted.clear()
        await super().flush()

    async def watch(self, on_doubt: Callable[[], None]) -> None:
        """Probe Redis by a round trip through our own subscription, for ever.

        PUBLISH succeeding proves nothing: a restarted Redis accepts it while we listen to nobody.
        """
        probe = await self.new_channel("probe.")
        health = self.channel_layer.health
        while True:
            try:
                if not health.up:
                    await self.reconnect()
                with self._doubting_after(DOUBT, on_doubt):
                    await self._round_trip(probe)
                health.well()
            except FAULTS as error:
                health.lost(error)
            await asyncio.sleep(PROBE_INTERVAL if health.up else RETRY_INTERVAL)

    @contextmanager
    def _doubting_after(self, seconds: float, on_doubt: Callable[[], None]) -> Iterator[None]:
        """Say so if a probe is not back by then: rings got lost for as long, perhaps."""

        def doubt() -> None:
            self.channel_layer.health.doubted = True
            on_doubt()

        timer = asyncio.get_running_loop().call_later(seconds, doubt)
        try:
            yield
        finally:
            timer.cancel()

    async def reconnect(self) -> None:
        """Renew every connection, or raise."""
        for shard in self._shards:
            await shard.reconnect()

    async def _round_trip(self, probe: str) -> None:
        queue = self.channels[probe]
        while not queue.empty():  # late answers to earlier probes
            queue.get_nowait()
        message = self.channel_layer.serialize({"type": "probe"})
        await self._get_shard(probe).publish_to_redis(probe, message)
        async with asyncio.timeout(PATIENCE):
            await queue.get()


class FallbackChannelLayer(RedisPubSubChannelLayer, BaseChannelLayer):  # type: ignore[misc]
    """The backend for CHANNEL_LAYERS, with CONFIG {"url": "redis://..."}.

    `url` is redis://, rediss:// or unix://. Names are validated as Channels asks, so that what
    works with Redis works without.
    """

    extensions = ["groups", "flush"]

    def __init__(self, url: str, prefix: str = "chatplatform", **kwargs: Any) -> None:
        host = {
            "address": url,
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
        }
        BaseChannelLayer.__init__(self)
        RedisPubSubChannelLayer.__init__(self, hosts=[host], prefix=prefix, **kwargs)
        self.health = LayerHealth()

    def _get_layer(self) -> FallbackLoopLayer:
        loop = asyncio.get_running_loop()
        layer: FallbackLoopLayer | None = self._layers.get(loop)
        if layer is None:
            layer = FallbackLoopLayer(*self._args, **self._kwargs, channel_layer=self)
            self._layers[loop] = layer
            _wrap_close(self, loop)
        return layer

    async def watch(self, on_doubt: Callable[[], None] = lambda: None) -> None:
        """Keep `health` true for as long as the task runs; one per process, on the hub's loop.

        `on_doubt` is called as soon as an answer of Redis is overdue.
        """
        await self._get_layer().watch(on_doubt)

    def deliver_in_memory(self, name: str, message: bytes) -> None:
        """To every event loop of this process, each on its own thread."""
        for loop, layer in list(self._layers.items()):
            if not loop.is_closed():
                loop.call_soon_threadsafe(layer.deliver, name, message)

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        self.require_valid_channel_name(channel)
        await self._get_layer().send(channel, message)

    async def group_add(self, group: str, channel: str) -> None:
        self.require_valid_group_name(group)
        await self._get_layer().group_add(group, channel)

    async def group_discard(self, group: str, channel: str) -> None:
        self.require_valid_group_name(group)
        await self._get_layer().group_discard(group, channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.require_valid_group_name(group)
        await self._get_layer().group_send(group, message)

    async def new_channel(self, prefix: str = "specific.") -> str:
        name: str = await self._get_layer().new_channel(prefix)
        return name

    async def receive(self, channel: str) -> dict[str, Any]:
        message: dict[str, Any] = await self._get_layer().receive(channel)
        return message

    async def flush(self) -> None:
        await self._get_layer().flush()
