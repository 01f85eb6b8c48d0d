import asyncio
import json
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.db import OperationalError

from realtime import log, publish
from realtime.consumers import EventSocket, EventStream, reader
from realtime.feed import Feed
from realtime.hub import Hub
from realtime.serving import guarded
from realtime.streams import FrameError, Refused, Scope, Subscription
from realtime.tests.readers import StreamClient, frame, until
from realtime.threads import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


async def anyone(scope: Scope) -> Subscription:
    return Subscription("demo", frozenset(["sse:session:a"]))


async def no_one(scope: Scope) -> Subscription:
    raise Refused(404, "not_found", "There is no such session.")


def say(n: int, payload: dict[str, Any] | None = None) -> str | None:
    return publish.to_session("a", "note", payload or {"n": n}, source="system", log="demo")


def stream(query: str = "", **headers: str) -> StreamClient:
    return StreamClient(EventStream.as_asgi(authorize=anyone), "/events", query, **headers)


async def test_a_stream_opens_at_once_with_retry_and_its_position(home: Hub) -> None:
    client = stream()
    start = await client.open()
    headers = dict(start["headers"])
    assert start["status"] == 200
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"x-accel-buffering"] == b"no"
    text = await client.read_until("id: ")
    assert text.startswith("retry: ")
    await client.leave()


async def test_what_happens_after_the_first_bytes_is_heard(
    home: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, join = asyncio.Event(), Hub.join

    async def late(hub: Hub, *what: Any) -> None:
        await said.wait()
        await join(hub, *what)

    monkeypatch.setattr(Hub, "join", late)
    client = stream()
    await client.open()
    await client.read_until("retry: ")
    await in_thread(say, 1)
    await until(lambda: home.feeds["demo"].applied)
    said.set()
    await client.read_until('{"n":1}')
    await client.leave()


async def test_an_event_arrives_as_one_block(home: Hub) -> None:
    client = stream()
    await client.open()
    await client.read_until("id: ")
    position = await in_thread(say, 1, {"text": "a\nb 你好"})
    text = await client.read_until("event: note")
    block = next(part for part in text.split("\n\n") if "event: note" in part)
    lines = dict(line.split(": ", 1) for line in block.split("\n"))
    assert lines["id"] == position
    body = json.loads(lines["data"])
    assert list(body) == ["type", "payload", "timestamp", "source"]
    assert body["payload"] == {"text": "a\nb 你好"}
    await client.leave()


async def test_last_event_id_wins_over_the_address(home: Hub) -> None:
    for n in (1, 2, 3):
        await in_thread(say, n)
    epoch = (await in_thread(log.head, "demo")).epoch
    client = stream(f"last={epoch}-0", last_event_id=f"{epoch}-2")
    await client.open()
    text = await client.read_until('{"n":3}')
    assert '{"n":2}' not in text
    await client.leave()


@pytest.mark.parametrize("last", ["garbage", "ffffffff-9999", "\x00", "1" * 5000, "é"])
async def test_a_garbage_position_gets_a_reset(home: Hub, last: str) -> None:
    client = stream(last_event_id=last)
    assert (await client.open())["status"] == 200
    await client.read_until("event: reset")
    await client.leave()


async def test_who_may_not_listen_gets_a_problem(home: Hub) -> None:
    client = StreamClient(EventStream.as_asgi(authorize=no_one), "/events", x_request_id="r-1")
    start = await client.open()
    problem = json.loads(await client.body())
    assert start["status"] == 404
    assert (b"content-type", b"application/problem+json") in start["headers"]
    assert problem["code"] == "not_found"
    assert problem["request_id"] == "r-1"
    await client.leave()


async def test_a_failing_authorisation_asks_the_client_back_instead_of_500(home: Hub) -> None:
    async def database_is_down(scope: Scope) -> Subscription:
        raise OperationalError("no connection")

    client = StreamClient(EventStream.as_asgi(authorize=database_is_down), "/events")
    assert (await client.open())["status"] == 200
    assert "retry: " in await client.body()
    await client.leave()


async def test_a_server_that_stops_says_when_to_come_back(home: Hub) -> None:
    client = stream()
    await client.open()
    await client.read_until("id: ")
    client.communicator.future.cancel()
    assert (await client.body()).count("retry: ") == 2


async def test_a_client_that_left_is_forgotten(home: Hub) -> None:
    client = stream()
    await client.open()
    await client.read_until("id: ")
    assert not home.feeds["demo"].unused
    await client.leave()
    assert home.feeds["demo"].unused


async def test_a_reader_that_falls_too_far_behind_is_let_go(
    home: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 1000)
    client = stream()
    await client.open()
    await client.read_until("id: ")
    # more than the reader may hold, in one step of the loop: no writer gets a turn
    for offset in range(1, 50):
        home.hear(frame(offset, epoch=home.feeds["demo"].epoch), "test")
    await client.body()  # ends by itself
    await until(lambda: home.feeds["demo"].unused)


async def test_an_exception_after_the_start_ends_the_stream_cleanly(
    home: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Feed, connection: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Feed, "add", broken)
    client = StreamClient(
        guarded(EventStream.as_asgi(authorize=anyone), on_first_call=lambda: None), "/events"
    )
    assert (await client.open())["status"] == 200
    assert "retry: " in await client.body()
    await client.leave()


class EchoSocket(EventSocket):
    async def receive_frame(self, frame: dict[str, Any]) -> dict[str, Any] | None:
        if frame.get("type") == "echo":
            return {"type": "echoed", "text": frame["text"]}
        raise FrameError("unknown_type", "Only echo is understood here.")


def socket(query: str = "", authorize: Any = anyone) -> WebsocketCommunicator:
    return WebsocketCommunicator(EchoSocket.as_asgi(authorize=authorize), f"/ws?{query}")


async def test_a_socket_carries_the_same_events_with_their_position(home: Hub) -> None:
    client = socket()
    assert (await client.connect())[0]
    await until(lambda: home.feeds.get("demo") and not home.feeds["demo"].unused)
    position = await in_thread(say, 1)
    body = await client.receive_json_from(5)
    assert list(body) == ["id", "type", "payload", "timestamp", "source"]
    assert body["id"] == position
    await client.disconnect()
    await until(lambda: home.feeds["demo"].unused)


async def test_a_socket_resumes_from_its_position(home: Hub) -> None:
    for n in (1, 2):
        await in_thread(say, n)
    epoch = (await in_thread(log.head, "demo")).epoch
    client = socket(f"last={epoch}-1")
    await client.connect()
    assert (await client.receive_json_from(5))["payload"] == {"n": 2}
    await client.disconnect()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("not json", "not_json"),
        ("[1]", "not_an_object"),
        ('"text"', "not_an_object"),
        ("[" * 100_000, "not_json"),
        ('{"type":"dance"}', "unknown_type"),
        ("{}", "unknown_type"),
        ('{"type":"echo"}', "server_error"),
        (b"\x00\xff", "not_text"),
    ],
)
async def test_a_bad_frame_is_answered_and_the_socket_stays_open(
    home: Hub, sent: str | bytes, code: str
) -> None:
    client = socket()
    await client.connect()
    await until(lambda: home.feeds.get("demo") and not home.feeds["demo"].unused)
    if isinstance(sent, bytes):
        await client.send_to(bytes_data=sent)
    else:
        await client.send_to(text_data=sent)
    answer = await client.receive_json_from(5)
    assert (answer["type"], answer["code"]) == ("error", code)
    await client.send_json_to({"type": "echo", "text": "still here"})
    assert (await client.receive_json_from(5))["text"] == "still here"
    await client.disconnect()


async def test_a_handshake_that_may_not_listen_is_refused(home: Hub) -> None:
    client = socket(authorize=no_one)
    connected, _ = await client.connect()
    assert not connected


async def test_many_streams_cost_no_task_left_behind(home: Hub) -> None:
    before = len(asyncio.all_tasks())
    clients = [stream() for _ in range(30)]
    for client in clients:
        await client.open()
        await client.read_until("id: ")
    for client in clients:
        await client.leave()
    await until(lambda: len(asyncio.all_tasks()) <= before)
