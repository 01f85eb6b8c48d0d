"""What Channels promises of a layer, with Redis and without: the cases that channels_redis tests
its own layers with, as far as they are about behaviour and not about its insides."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from asgiref.sync import async_to_sync

from realtime.layers import FallbackChannelLayer
from realtime.shard import FallbackShard
from tests.servers import Valkey

Subscribe = Callable[[FallbackShard, str], Awaitable[None]]
NOBODY = "unix:///nowhere/at-all.sock"


@pytest_asyncio.fixture(params=["redis", "memory"])
async def layer(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FallbackChannelLayer]:
    if request.param == "redis":
        url = request.getfixturevalue("valkey").url
        monkeypatch.setattr(FallbackShard, "subscribe", subscribed(FallbackShard.subscribe))
    else:
        url = NOBODY
    made = FallbackChannelLayer(url)
    yield made
    await made.flush()


def subscribed(subscribe: Subscribe) -> Subscribe:
    """The same, until Redis knows of it. It reads two connections in any order, so what is sent
    over the other at once may be read before. Our log makes up for that; these tests have none."""

    async def until_it_stands(shard: FallbackShard, channel: str) -> None:
        await subscribe(shard, channel)
        while not dict(await shard._redis.pubsub_numsub(channel)).get(channel.encode()):
            pass

    return until_it_stands


async def hear(layer: FallbackChannelLayer, channel: str) -> dict[str, object]:
    return await asyncio.wait_for(layer.receive(channel), 20)


async def hears_nothing(layer: FallbackChannelLayer, channel: str) -> bool:
    """What is sent last arrives first, so nothing came before it."""
    await layer.send(channel, {"type": "end"})
    return await hear(layer, channel) == {"type": "end"}


async def test_a_message_sent_is_received(layer: FallbackChannelLayer) -> None:
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "test.message", "text": "Ahoy-hoy!"})
    assert await hear(layer, channel) == {"type": "test.message", "text": "Ahoy-hoy!"}


async def test_whatever_kinds_of_values_it_holds(layer: FallbackChannelLayer) -> None:
    message = {"type": "t", "none": None, "list": [1, 2.5], "bytes": b"\0\xff", "text": "你好"}
    channel = await layer.new_channel()
    await layer.send(channel, message)
    assert await hear(layer, channel) == message


async def test_messages_come_in_the_order_they_were_sent(layer: FallbackChannelLayer) -> None:
    channel = await layer.new_channel()
    for n in range(100):
        await layer.send(channel, {"type": "t", "n": n})
    assert [(await hear(layer, channel))["n"] for _ in range(100)] == list(range(100))


async def test_channels_do_not_hear_each_other(layer: FallbackChannelLayer) -> None:
    one, other = await layer.new_channel(), await layer.new_channel()
    assert one != other
    await layer.send(one, {"type": "t"})
    assert await hears_nothing(layer, other)


async def test_a_receiver_who_is_cancelled_has_left_and_leaves_nothing_behind(
    layer: FallbackChannelLayer,
) -> None:
    """A consumer's end is a cancelled `receive`: channels_redis takes it for the way out."""
    channel = await layer.new_channel()
    await layer.group_add("tea", channel)
    waiting = asyncio.create_task(layer.receive(channel))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    here = layer._get_layer()
    assert channel not in here.channels
    assert not any(here.groups.values())
    assert not any(shard.wanted for shard in here._shards)


async def test_every_member_of_a_group_hears_it_once(layer: FallbackChannelLayer) -> None:
    members = [await layer.new_channel() for _ in range(5)]
    outsider = await layer.new_channel()
    for member in [*members, members[0]]:  # who enters twice is still one
        await layer.group_add("tea", member)
    await layer.group_send("tea", {"type": "t", "n": 1})
    for member in members:
        assert (await hear(layer, member))["n"] == 1
        assert await hears_nothing(layer, member)
    assert await hears_nothing(layer, outsider)


async def test_a_channel_may_be_in_several_groups(layer: FallbackChannelLayer) -> None:
    channel = await layer.new_channel()
    for group in ("tea", "milk"):
        await layer.group_add(group, channel)
        await layer.group_send(group, {"type": "t", "group": group})
    assert [(await hear(layer, channel))["group"] for _ in range(2)] == ["tea", "milk"]
    await layer.group_discard("tea", channel)
    await layer.group_send("tea", {"type": "t", "group": "tea"})
    await layer.group_send("milk", {"type": "t", "group": "milk"})
    assert (await hear(layer, channel))["group"] == "milk"


async def test_leaving_a_group_that_one_never_entered_is_no_error(
    layer: FallbackChannelLayer,
) -> None:
    channel = await layer.new_channel()
    await layer.group_discard("tea", channel)
    await layer.group_add("tea", channel)
    await layer.group_send("tea", {"type": "t", "n": 1})
    assert (await hear(layer, channel))["n"] == 1


async def test_a_group_without_members_is_no_error(layer: FallbackChannelLayer) -> None:
    await layer.group_send("nobody", {"type": "t"})


async def test_a_message_is_a_copy_for_each(layer: FallbackChannelLayer) -> None:
    one, other = await layer.new_channel(), await layer.new_channel()
    for member in (one, other):
        await layer.group_add("tea", member)
    message = {"type": "t", "list": [1]}
    await layer.group_send("tea", message)
    (await hear(layer, one))["list"] = "changed"
    message["list"] = []
    assert (await hear(layer, other))["list"] == [1]


@pytest.mark.parametrize("url", ["redis", "memory"])
def test_each_event_loop_has_a_layer_of_its_own(
    url: str, valkey: Valkey, recwarn: pytest.WarningsRecorder
) -> None:
    """One object serves loops that come and go, as async_to_sync makes them."""
    layer = FallbackChannelLayer(valkey.url if url == "redis" else NOBODY)

    async def there_and_back() -> dict[str, object]:
        channel = await layer.new_channel()
        await layer.send(channel, {"type": "t"})
        return await hear(layer, channel)

    for _ in range(3):
        assert async_to_sync(there_and_back)() == {"type": "t"}
    gc.collect()
    assert not [str(warning.message) for warning in recwarn]


@pytest.mark.parametrize("url", ["redis", "memory"])
def test_a_loop_that_ends_leaves_nothing_behind(url: str, valkey: Valkey) -> None:
    layer = FallbackChannelLayer(valkey.url if url == "redis" else NOBODY)

    async def enter() -> None:
        channel = await layer.new_channel()
        await layer.group_add("tea", channel)

    asyncio.run(enter())
    assert not layer._layers


async def test_after_a_flush_nobody_is_in_a_group(layer: FallbackChannelLayer) -> None:
    channel = await layer.new_channel()
    await layer.group_add("tea", channel)
    await layer.flush()
    fresh = await layer.new_channel()
    await layer.group_send("tea", {"type": "t"})
    assert await hears_nothing(layer, fresh)


@pytest.mark.parametrize("name", ["", "a b", "x" * 100, "sse:session:a", "tea!", 3, None])
async def test_a_bad_group_name_is_refused(layer: FallbackChannelLayer, name: object) -> None:
    for call in (layer.group_add, layer.group_discard):
        with pytest.raises(TypeError):
            await call(name, "channel")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError):
        await layer.group_send(name, {"type": "t"})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "a b", "x" * 100, "sse:session:a", 3])
async def test_a_bad_channel_name_is_refused(layer: FallbackChannelLayer, name: object) -> None:
    with pytest.raises(TypeError):
        await layer.send(name, {"type": "t"})  # type: ignore[arg-type]  # that is the point
