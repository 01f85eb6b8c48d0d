import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from realtime.layers import FallbackChannelLayer
from realtime.tests.readers import until
from tests.servers import Valkey


@pytest_asyncio.fixture
async def layer(valkey: Valkey) -> AsyncIterator[FallbackChannelLayer]:
    made = FallbackChannelLayer(valkey.url)
    yield made
    await made.flush()


async def hear(layer: FallbackChannelLayer, channel: str) -> object:
    message = await asyncio.wait_for(layer.receive(channel), 3)
    return message["n"]


async def test_it_carries_messages_over_redis_from_one_layer_to_another(
    layer: FallbackChannelLayer, valkey: Valkey
) -> None:
    other = FallbackChannelLayer(valkey.url)
    channel = await other.new_channel()
    await other.group_add("tea", channel)
    await layer.group_send("tea", {"type": "x", "n": 1})
    await layer.send(channel, {"type": "x", "n": 2})
    assert [await hear(other, channel), await hear(other, channel)] == [1, 2]
    await other.flush()


async def test_without_redis_it_delivers_within_the_process() -> None:
    layer = FallbackChannelLayer("unix:///nowhere/at-all.sock")
    channel = await layer.new_channel()
    await layer.group_add("tea", channel)
    await layer.group_send("tea", {"type": "x", "n": 1})
    await layer.send(channel, {"type": "x", "n": 2})
    assert [await hear(layer, channel), await hear(layer, channel)] == [1, 2]
    assert layer.health.name == "memory"


async def test_it_degrades_and_recovers_by_itself_with_its_memberships(
    layer: FallbackChannelLayer, valkey: Valkey
) -> None:
    other = FallbackChannelLayer(valkey.url)
    watching = [asyncio.create_task(each.watch()) for each in (layer, other)]
    channel = await other.new_channel()
    await other.group_add("tea", channel)
    await until(lambda: layer.health.name == other.health.name == "redis")

    valkey.kill()
    await until(lambda: layer.health.name == other.health.name == "memory")
    await other.group_send("tea", {"type": "x", "n": 1})
    assert await hear(other, channel) == 1

    valkey.start()
    await until(lambda: layer.health.name == other.health.name == "redis")
    await layer.group_send("tea", {"type": "x", "n": 2})
    assert await hear(other, channel) == 2
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    await other.flush()


async def test_a_restarted_redis_that_forgot_us_is_noticed_without_any_error(
    layer: FallbackChannelLayer, valkey: Valkey
) -> None:
    """PUBLISH works again at once; only a round trip shows that nobody listens."""
    watching = asyncio.create_task(layer.watch())
    channel = await layer.new_channel()
    await layer.group_add("tea", channel)
    await until(lambda: layer.health.name == "redis")
    proven_at = layer.health.since
    valkey.kill()
    valkey.start()
    await until(lambda: layer.health.name == "redis" and layer.health.since > proven_at)
    await layer.group_send("tea", {"type": "x", "n": 3})
    assert await hear(layer, channel) == 3
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_redis_that_stands_still_is_doubted_long_before_it_is_given_up(
    layer: FallbackChannelLayer, valkey: Valkey
) -> None:
    doubted = asyncio.Event()
    watching = asyncio.create_task(layer.watch(on_doubt=doubted.set))
    await until(lambda: layer.health.carries)
    doubted.clear()  # the first connection may have taken its time
    os.kill(valkey.pid, signal.SIGSTOP)
    try:
        await asyncio.wait_for(doubted.wait(), 5)
        assert (layer.health.name, layer.health.carries) == ("redis", False)
        await until(lambda: layer.health.name == "memory")
        assert REGISTRY.get_sample_value("realtime_layer_up") == 0
    finally:
        os.kill(valkey.pid, signal.SIGCONT)
    await until(lambda: layer.health.name == "redis")
    assert not layer.health.carries, "other processes may not know yet"
    await until(lambda: layer.health.carries)
    assert REGISTRY.get_sample_value("realtime_layer_up") == 1
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_who_left_a_group_hears_nothing(layer: FallbackChannelLayer) -> None:
    channel = await layer.new_channel()
    await layer.group_add("tea", channel)
    await layer.group_discard("tea", channel)
    await layer.group_send("tea", {"type": "x", "n": 1})
    await layer.send(channel, {"type": "x", "n": 2})
    assert await hear(layer, channel) == 2


@pytest.mark.parametrize("name", ["sse:session:a", "a b", "x" * 100, ""])
async def test_names_that_memory_would_refuse_are_refused_with_redis_too(
    layer: FallbackChannelLayer, name: str
) -> None:
    with pytest.raises(TypeError):
        await layer.group_add(name, "channel")
    with pytest.raises(TypeError):
        await layer.group_send(name, {"type": "x"})
