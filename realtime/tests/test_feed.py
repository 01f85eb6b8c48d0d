from hypothesis import given
from hypothesis import strategies as st

from realtime.feed import RECENT, Feed
from realtime.log import Head
from realtime.tests.readers import Recorder, frame


def feed_at(offset: int = 0) -> Feed:
    return Feed("demo", Head("e1", offset, 0))


def test_it_delivers_in_order_and_once() -> None:
    feed, reader = feed_at(), Recorder()
    feed.add(reader)
    for offset in (1, 2, 2, 1, 3):
        feed.apply(frame(offset), by="test")
    assert reader.offsets == [1, 2, 3]


def test_it_holds_back_what_came_too_early() -> None:
    feed, reader = feed_at(), Recorder()
    feed.add(reader)
    assert not feed.apply(frame(3), by="test")
    assert not feed.apply(frame(2), by="test")
    assert reader.offsets == []
    assert feed.apply(frame(1), by="test")
    assert reader.offsets == [1, 2, 3]


def test_another_epoch_is_not_ours() -> None:
    feed = feed_at()
    assert not feed.apply(frame(1, epoch="e2"), by="test")
    assert feed.applied == 0


def test_only_listeners_of_its_channels_get_a_frame_and_each_once() -> None:
    feed = feed_at()
    one, all_sessions, agent = (
        Recorder("sse:session:a"),
        Recorder("sse:session:*", "sse:agent:7"),
        Recorder("sse:agent:7"),
    )
    for reader in (one, all_sessions, agent):
        feed.add(reader)
    feed.apply(frame(1, "sse:session:a", "sse:agent:7"), by="test")
    feed.apply(frame(2, "sse:session:b"), by="test")
    feed.apply(frame(3, "sse:agent:8"), by="test")
    assert (one.offsets, all_sessions.offsets, agent.offsets) == ([1], [1, 2], [1])


def test_who_left_gets_nothing_more() -> None:
    feed, reader = feed_at(), Recorder("sse:session:a", "sse:broadcast")
    feed.add(reader)
    feed.remove(reader)
    feed.apply(frame(1), by="test")
    assert reader.frames == []
    assert feed.unused


def test_it_knows_the_recent_frames_and_says_so_when_it_does_not() -> None:
    feed = feed_at(10)
    for offset in range(11, 11 + RECENT + 5):
        feed.apply(frame(offset), by="test")
    assert feed.since(feed.applied) == []
    recent = feed.since(feed.applied - 3)
    assert recent is not None
    assert [each.offset for each in recent] == [feed.applied - 2, feed.applied - 1, feed.applied]
    assert feed.since(10) is None


@given(st.lists(st.integers(1, 30), max_size=120))
def test_whatever_the_rings_do_readers_see_a_prefix_of_the_log(rings: list[int]) -> None:
    feed, reader = feed_at(), Recorder()
    feed.add(reader)
    for offset in rings:
        feed.apply(frame(offset), by="test")
    for offset in range(feed.applied + 1, 31):  # what the tailer does
        feed.apply(frame(offset), by="log")
    assert reader.offsets == list(range(1, 31))
