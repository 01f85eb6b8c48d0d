import json
from typing import ClassVar

import pytest
from django.db import transaction

from realtime import doorbell, log, publish
from realtime.errors import RealtimeError
from realtime.events import Event
from realtime.frames import Frame
from realtime.models import Event as StoredEvent
from realtime.testing import published


class TeaServed(Event):
    type: ClassVar[str] = "tea_served"
    cups: int


class SteamRose(Event):
    type: ClassVar[str] = "steam_rose"
    durable: ClassVar[bool] = False


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    frames: list[Frame] = []
    monkeypatch.setattr(doorbell, "ring", frames.append)
    return frames


@pytest.mark.django_db
def test_it_stores_the_envelope_exactly_as_the_wire_carries_it() -> None:
    position = publish.to_session(
        "a", "note", {"text": "你好 👋\n"}, source="ai_chatbot", log="demo"
    )
    stored = StoredEvent.objects.get()
    assert position == log.position("demo")
    assert stored.channels == ["sse:session:a"]
    assert list(json.loads(stored.data)) == ["type", "payload", "timestamp", "source"]
    assert "\n" not in stored.data


@pytest.mark.django_db
def test_one_event_for_several_channels_is_stored_once() -> None:
    publish.to_channels(
        ["sse:session:a", "sse:agent:7", "sse:session:a"], "note", {}, source="system", log="demo"
    )
    assert [event.channels for event in published("demo")] == [["sse:session:a", "sse:agent:7"]]


@pytest.mark.django_db
def test_agents_and_broadcast_have_their_own_channels() -> None:
    publish.to_agent(7, "note", {}, source="system", log="demo")
    publish.broadcast("note", {}, source="system", log="demo")
    assert [event.channels for event in published("demo")] == [["sse:agent:7"], ["sse:broadcast"]]


@pytest.mark.django_db
def test_a_rolled_back_change_leaves_no_event_and_no_gap(
    rung: list[Frame],
) -> None:
    publish.broadcast("note", {"n": 1}, source="system", log="demo")
    with transaction.atomic():
        publish.broadcast("note", {"n": 2}, source="system", log="demo")
        transaction.set_rollback(True)
    publish.broadcast("note", {"n": 3}, source="system", log="demo")
    assert [(e.offset, e.payload["n"]) for e in published("demo")] == [(1, 1), (2, 3)]


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_the_commit_and_not_before(rung: list[Frame]) -> None:
    with transaction.atomic():
        publish.broadcast("note", {}, source="system", log="demo")
        assert rung == []
    assert [frame.offset for frame in rung] == [1]


@pytest.mark.django_db(transaction=True)
def test_an_ephemeral_event_rings_without_being_stored(rung: list[Frame]) -> None:
    position = publish.event(SteamRose(), to=["sse:session:a"], source="system", log="demo")
    assert position is None
    assert published("demo") == []
    assert [frame.position for frame in rung] == [None]


@pytest.mark.django_db
def test_each_tenant_counts_for_itself() -> None:
    publish.broadcast("note", {}, source="system", log="demo")
    publish.broadcast("note", {}, source="system", log="other")
    assert [event.offset for event in published("other")] == [1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("payload", "complaint"),
    [({"cups": 1, "sugar": 2}, "sugar"), ({}, "cups"), ({"cups": "many"}, "cups")],
)
def test_a_registered_type_refuses_what_its_class_does_not_know(
    payload: dict[str, object], complaint: str
) -> None:
    with pytest.raises(RealtimeError, match=complaint):
        publish.broadcast("tea_served", payload, source="system", log="demo")
    assert published("demo") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("channel", "type", "payload", "source", "tenant"),
    [
        ("sse:session:", "note", {}, "system", "demo"),
        ("sse:session:a b", "note", {}, "system", "demo"),
        ("sse:session:*", "note", {}, "system", "demo"),
        ("session:a", "note", {}, "system", "demo"),
        ("sse:session:" + "x" * 81, "note", {}, "system", "demo"),
        ("sse:broadcast", "Not Snake", {}, "system", "demo"),
        ("sse:broadcast", "a\nid: 1", {}, "system", "demo"),
        ("sse:broadcast", "note", ["list"], "system", "demo"),
        ("sse:broadcast", "note", {"x": float("nan")}, "system", "demo"),
        ("sse:broadcast", "note", {"x": object()}, "system", "demo"),
        ("sse:broadcast", "note", {"x": "\ud800"}, "system", "demo"),
        ("sse:broadcast", "note", {"x": "x" * 300_000}, "system", "demo"),
        ("sse:broadcast", "note", {}, "someone", "demo"),
        ("sse:broadcast", "note", {}, "system", "no such:log"),
    ],
)
def test_it_names_what_is_wrong_and_stores_nothing(
    channel: str, type: str, payload: object, source: str, tenant: str
) -> None:
    with pytest.raises(RealtimeError):
        publish.to_channels([channel], type, payload, source=source, log=tenant)  # type: ignore[arg-type]
    assert StoredEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
async def test_the_async_twin_does_the_same() -> None:
    position = await publish.ato_session("a", "note", {}, source="system", log="demo")
    assert position is not None
    assert position.endswith("-1")
