import asyncio

import pytest
from django.db import OperationalError

from realtime import publish, streams
from realtime.consumers import EventStream
from realtime.hub import Hub
from realtime.streams import Grant, Scope, Subscription
from realtime.tests.readers import Recorder, StreamClient, until
from realtime.threads import in_thread

pytestmark = pytest.mark.django_db(transaction=True)

ALICE, BOB = Grant("pass", "alice", 1), Grant("pass", "bob", 1)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> set[Grant]:
    """The grants that hold; take one out to revoke it."""
    held = {ALICE, BOB}
    monkeypatch.setattr(streams, "_checks", {"pass": lambda asked: asked & held})
    return held


def holder(grant: Grant | None) -> Recorder:
    recorder = Recorder()
    recorder.grant = grant
    return recorder


def test_each_kind_is_asked_once_and_an_unknown_kind_holds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[set[Grant]] = []

    def check(grants: set[Grant]) -> set[Grant]:
        asked.append(grants)
        return {*grants, Grant("pass", "not asked for")}

    monkeypatch.setattr(streams, "_checks", {"pass": check})
    assert streams.held({ALICE, BOB, Grant("forged", "x")}) == {ALICE, BOB}
    assert asked == [{ALICE, BOB}]


async def test_only_who_lost_the_right_is_sent_away(home: Hub, passes: set[Grant]) -> None:
    alice, bob, customer = holder(ALICE), holder(BOB), holder(None)
    for connection in (alice, bob, customer):
        await home.join(connection, "demo", None)
    await home.end_revoked()
    assert not any(each.ended for each in (alice, bob, customer))
    passes.remove(BOB)
    await home.end_revoked()
    assert [each.ended for each in (alice, bob, customer)] == [False, True, False]


async def test_another_version_of_the_right_is_another_right(home: Hub, passes: set[Grant]) -> None:
    stale = holder(Grant("pass", "alice", 0))
    await home.join(stale, "demo", None)
    await home.end_revoked()
    assert stale.ended


async def test_nobody_is_sent_away_because_the_database_is_down(
    home: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def fail(grants: set[Grant]) -> set[Grant]:
        loop.call_soon_threadsafe(asked.set)
        raise OperationalError("gone")

    monkeypatch.setattr(streams, "_checks", {"pass": fail})
    monkeypatch.setattr("realtime.hub.RECHECK", 0.01)
    alice = holder(ALICE)
    await home.join(alice, "demo", None)
    for _ in range(2):  # and the look goes on after the first failure
        asked.clear()
        await asyncio.wait_for(asked.wait(), 5)
    assert not alice.ended


async def test_a_stream_ends_in_good_order_when_its_grant_does(passes: set[Grant]) -> None:
    async def authorize(scope: Scope) -> Subscription:
        return Subscription("demo", frozenset({"sse:session:a"}), grant=ALICE)

    client = StreamClient(EventStream.as_asgi(authorize=authorize), "/events")
    await client.open()
    await client.read_until("id: ")
    passes.remove(ALICE)
    body = await client.body()
    assert body.rstrip().splitlines()[-1].startswith("retry: ")
    await client.leave()


async def test_an_event_may_be_refused_by_its_other_channels(home: Hub) -> None:
    english, everyone = Recorder("sse:session:*"), Recorder("sse:session:*")
    english.admits = lambda channels: "sse:language:en" in channels
    before = await in_thread(publish.to_session, "a", "note", {"n": 1}, source="system", log="demo")
    await home.join(english, "demo", before)
    await home.join(everyone, "demo", before)
    for language in ("zh-hans", "en"):
        names = ["sse:session:a", f"sse:language:{language}"]
        await in_thread(
            publish.to_channels, names, "note", {"in": language}, source="system", log="demo"
        )
    await until(lambda: everyone.offsets == [2, 3])
    assert english.offsets == [3]
    late = Recorder("sse:session:*")
    late.admits = english.admits
    await home.join(late, "demo", before)
    assert late.offsets == [3]
