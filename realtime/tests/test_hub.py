import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from prometheus_client import REGISTRY

from realtime import feed as feeds
from realtime import hub as hubs
from realtime import log, publish
from realtime.frames import Frame
from realtime.hub import Hub
from realtime.log import Head
from realtime.models import Event, Log
from realtime.tests.readers import Recorder, until
from realtime.threads import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


def say(n: int, name: str = "a", *, durable: bool = True) -> str | None:
    return publish.to_session(name, "note", {"n": n}, source="system", log="demo", durable=durable)


async def say_many(first: int, last: int) -> None:
    for n in range(first, last + 1):
        await in_thread(say, n)


async def test_a_reader_hears_what_is_published_from_now_on(home: Hub) -> None:
    await in_thread(say, 1)
    reader = Recorder()
    await home.join(reader, "demo", None)
    await say_many(2, 4)
    await until(lambda: reader.offsets == [2, 3, 4])
    assert reader.beats[0].offset == 1


async def test_a_reader_that_comes_back_gets_what_it_missed_and_goes_on(home: Hub) -> None:
    await say_many(1, 3)
    epoch = (await in_thread(log.head, "demo")).epoch
    reader = Recorder()
    await home.join(reader, "demo", f"{epoch}-1")
    await in_thread(say, 4)
    await until(lambda: reader.offsets == [2, 3, 4])


async def test_what_was_missed_may_be_older_than_memory(
    home: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "CHUNK", 3)
    await say_many(1, 20)
    epoch = (await in_thread(log.head, "demo")).epoch
    reader, other = Recorder(), Recorder("sse:session:b")
    await home.join(reader, "demo", f"{epoch}-0")
    await home.join(other, "demo", f"{epoch}-0")
    assert reader.offsets == list(range(1, 21))
    assert other.offsets == []


class SlowRecorder(Recorder):
    """Counts what it was given since it last had time to read; `meanwhile` is done then."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self.unread = self.most_unread = 0
        self.meanwhile = meanwhile

    def deliver(self, frame: Frame) -> None:
        super().deliver(frame)
        self.unread += len(frame.data)
        self.most_unread = max(self.most_unread, self.unread)

    async def flushed(self) -> None:
        self.unread = 0
        self.meanwhile()


@pytest.mark.parametrize("recent", [4096, 2], ids=["from memory", "from the log"])
async def test_a_long_replay_never_owes_its_reader_more_than_a_portion(
    home: Hub, monkeypatch: pytest.MonkeyPatch, recent: int
) -> None:
    """More at once than a connection may owe looks like a client that does not read: it would be
    dropped, come back to the same place, and never get any further."""
    monkeypatch.setattr(feeds, "RECENT", recent)
    monkeypatch.setattr(hubs, "PORTION", 500)
    await say_many(1, 40)
    position = await in_thread(log.head, "demo")
    reader = SlowRecorder()
    await home.join(reader, "demo", f"{position.epoch}-0")
    assert reader.offsets == list(range(1, 41))
    largest = max(len(frame.data) for frame in reader.frames)
    assert reader.most_unread <= 500 + largest


@pytest.mark.parametrize("recent", [4096, 2], ids=["from memory", "from the log"])
async def test_a_log_that_begins_anew_during_a_replay_resets_its_reader(
    home: Hub, monkeypatch: pytest.MonkeyPatch, recent: int
) -> None:
    monkeypatch.setattr(feeds, "RECENT", recent)
    monkeypatch.setattr(hubs, "PORTION", 500)
    await say_many(1, 40)
    position = await in_thread(log.head, "demo")
    renewed = log.Head("ffff", 3, 0)
    reader = SlowRecorder(lambda: home.feeds["demo"].begin(renewed))
    await home.join(reader, "demo", f"{position.epoch}-0")
    assert reader.types[-1] == "reset"
    assert reader.frames[-1].position == "ffff-3"


async def test_nothing_falls_between_replay_and_live(home: Hub) -> None:
    await say_many(1, 5)
    epoch = (await in_thread(log.head, "demo")).epoch
    readers = [Recorder() for _ in range(20)]

    async def come_one_by_one() -> None:
        for reader in readers:
            await home.join(reader, "demo", f"{epoch}-0")
            await asyncio.sleep(0.002)

    await asyncio.gather(come_one_by_one(), say_many(6, 30))
    await until(lambda: all(reader.offsets == list(range(1, 31)) for reader in readers))


@pytest.mark.parametrize("last", ["rubbish", "00000000-1", "{epoch}-99", "{epoch}--1"])
async def test_a_position_that_is_unknown_gets_a_reset_and_goes_on_live(
    home: Hub, last: str
) -> None:
    await say_many(1, 2)
    epoch = (await in_thread(log.head, "demo")).epoch
    reader = Recorder()
    await home.join(reader, "demo", last.format(epoch=epoch))
    await in_thread(say, 3)
    await until(lambda: reader.types == ["reset", "note"])
    assert reader.offsets == [2, 3]


async def test_a_position_below_the_floor_gets_a_reset(home: Hub) -> None:
    await say_many(1, 5)

    def trim() -> str:
        Event.objects.filter(offset__lte=3).update(created_at=timezone.now() - timedelta(days=9))
        log.trim("demo", before=timezone.now() - timedelta(days=1))
        return log.head("demo").epoch

    epoch = await in_thread(trim)
    too_old, just_right = Recorder(), Recorder()
    await home.join(too_old, "demo", f"{epoch}-2")
    await home.join(just_right, "demo", f"{epoch}-3")
    assert too_old.types == ["reset"]
    assert just_right.offsets == [4, 5]


async def test_a_position_too_far_behind_gets_a_reset(
    home: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "MAX_REPLAY", 3)
    await say_many(1, 5)
    epoch = (await in_thread(log.head, "demo")).epoch
    reader = Recorder()
    await home.join(reader, "demo", f"{epoch}-1")
    assert reader.types == ["reset"]


async def test_what_a_replay_reads_ahead_of_the_rings_is_heard_once() -> None:
    hub = Hub()  # not started: it hears no ring and looks at the log when it is told to
    await say_many(1, 3)
    await hub.join(Recorder("sse:session:b"), "demo", None)
    feed = hub.feeds["demo"]
    feed.begin(Head(feed.epoch, feed.applied, feed.floor))  # nothing recent is at hand
    await say_many(4, 6)
    reader = Recorder()
    await hub.join(reader, "demo", f"{feed.epoch}-1")
    await hub.tailer.catch_up()
    assert reader.offsets == [2, 3, 4, 5, 6]


async def test_a_client_ahead_of_this_process_is_not_reset(home: Hub) -> None:
    """Its page came from another process, a moment before we heard of the event."""
    early = Recorder()
    await home.join(early, "demo", None)
    epoch = home.feeds["demo"].epoch
    feed = home.feeds["demo"]
    await say_many(1, 2)
    feed.applied = 0  # as if no ring and no look at the log had come yet
    reader = Recorder()
    await home.join(reader, "demo", f"{epoch}-2")
    assert reader.frames == []


async def test_a_lost_ring_is_made_up_for_by_the_log(
    home: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Recorder()
    await home.join(reader, "demo", None)
    monkeypatch.setattr("realtime.doorbell.ring", lambda frame: None)
    await say_many(1, 3)
    await until(lambda: reader.offsets == [1, 2, 3])


async def test_an_ephemeral_event_is_heard_once_and_has_no_position(home: Hub) -> None:
    reader = Recorder()
    await home.join(reader, "demo", None)
    await in_thread(say, 1, durable=False)
    await in_thread(say, 2)
    await until(lambda: len(reader.frames) == 2)
    assert [frame.position is None for frame in reader.frames] == [True, False]


async def test_a_restored_old_database_begins_a_new_epoch_and_resets_everyone(home: Hub) -> None:
    await say_many(1, 5)
    reader = Recorder()
    await home.join(reader, "demo", None)
    before = home.feeds["demo"].epoch

    def restore() -> None:
        Event.objects.filter(offset__gt=2).delete()
        Log.objects.update(offset=2)

    await in_thread(restore)
    await until(lambda: reader.types == ["reset"])
    assert home.feeds["demo"].epoch != before
    assert (await in_thread(log.head, "demo")).epoch == home.feeds["demo"].epoch
    await in_thread(say, 6)
    await until(lambda: reader.types == ["reset", "note"])
    assert reader.offsets == [2, 3]


async def test_a_log_opened_again_is_not_measured_by_an_older_look() -> None:
    hub, reader, asked, answered = Hub(), Recorder(), asyncio.Event(), asyncio.Event()
    run = hub.tailer._threads.run

    async def late(fn: Any, *args: Any, **kwargs: Any) -> Any:
        answer = await run(fn, *args, **kwargs)
        asked.set()
        await answered.wait()
        return answer

    await hub.join(reader, "demo", None)
    hub.leave(reader, "demo")
    hub.tailer._threads.run = late  # type: ignore[method-assign]
    look = asyncio.create_task(hub.tailer.catch_up())
    await asked.wait()
    await hub.drop_unused()
    await in_thread(log.renew_epoch, "demo", epoch=(await in_thread(log.head, "demo")).epoch)
    await hub.join(reader, "demo", None)
    answered.set()
    await look
    assert reader.frames == []


async def test_who_left_is_forgotten_and_unused_logs_are_dropped(home: Hub) -> None:
    reader = Recorder()
    await home.join(reader, "demo", None)
    await home.drop_unused()
    assert "demo" in home.feeds
    assert REGISTRY.get_sample_value("realtime_listeners") == 1
    home.leave(reader, "demo")
    assert REGISTRY.get_sample_value("realtime_listeners") == 0
    await home.drop_unused()
    assert home.feeds == {}
