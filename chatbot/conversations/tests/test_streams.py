"""The customer's stream and socket: her own session's events, and her frames."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.utils import timezone

from chatbot import routing
from chatbot.conversations import authors, services
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.states import State
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.hub import Hub
from realtime.testing import published
from realtime.tests.readers import StreamClient
from realtime.threads import in_thread

pytestmark = pytest.mark.django_db(transaction=True)

STREAMS, SOCKETS = URLRouter(routing.http_urlpatterns), URLRouter(routing.websocket_urlpatterns)


def say(ana: OpenedSession, text: str) -> None:
    with tenant_scope(ana.conversation.tenant):
        customer = authors.customer(ana.customer)
        services.post_message(conversation=ana.conversation, author=customer, text=text)


def type_something(ana: OpenedSession) -> None:
    customer = authors.customer(ana.customer)
    services.announce_typing(conversation=ana.conversation, author=customer)


def stream(name: str, query: str = "", **headers: str) -> StreamClient:
    return StreamClient(STREAMS, f"/api/v1/sessions/{name}/events", query, **headers)


@asynccontextmanager
async def socket(ana: OpenedSession) -> AsyncIterator[WebsocketCommunicator]:
    path = f"/ws/sessions/{ana.conversation.name}?token={ana.token}"
    communicator = WebsocketCommunicator(SOCKETS, path)
    connected, _code = await communicator.connect(5)
    assert connected
    yield communicator
    await communicator.disconnect(timeout=5)


async def heard(communicator: WebsocketCommunicator, kind: str) -> dict[str, Any]:
    """The next frame of that type."""
    while True:
        frame: dict[str, Any] = json.loads(await communicator.receive_from(5))
        if frame["type"] == kind:
            return frame


@pytest.mark.parametrize("where", ["header", "address"])
async def test_the_stream_opens_with_the_token(home: Hub, ana: OpenedSession, where: str) -> None:
    headers = {"authorization": f"Bearer {ana.token}"} if where == "header" else {}
    query = f"token={ana.token}" if where == "address" else ""
    client = stream(ana.conversation.name, query, **headers)
    assert (await client.open())["status"] == 200
    await client.read_until("id: ")
    await in_thread(say, ana, "Hello 你好")
    assert "Hello 你好" in await client.read_until("event: new_message")
    await client.leave()


async def test_the_stream_hears_no_other_session(
    home: Hub, tenant: Tenant, ana: OpenedSession
) -> None:
    other = await in_thread(services.open_session, tenant=tenant, name="Eve")
    client = stream(ana.conversation.name, f"token={ana.token}")
    await client.open()
    await client.read_until("id: ")
    await in_thread(say, other, "A secret")
    await in_thread(say, ana, "Mine")
    assert "A secret" not in await client.read_until("Mine")
    await client.leave()


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        ("", 401, "invalid_token"),
        ("rubbish", 401, "invalid_token"),
        ("eve", 404, "unknown_session"),
        ("sue", 404, "unknown_session"),
    ],
)
async def test_the_stream_is_refused_like_the_api(
    home: Hub,
    tenant: Tenant,
    other_tenant: Tenant,
    ana: OpenedSession,
    token: str,
    status: int,
    code: str,
) -> None:
    eve = await in_thread(services.open_session, tenant=tenant)
    sue = await in_thread(services.open_session, tenant=other_tenant)
    token = {"eve": eve.token, "sue": sue.token}.get(token, token)
    client = stream(ana.conversation.name, f"token={token}")
    start = await client.open()
    problem = json.loads(await client.body())
    assert (start["status"], problem["status"], problem["code"]) == (status, status, code)
    assert (b"content-type", b"application/problem+json") in start["headers"]


@pytest.mark.parametrize("how", ["suspended", "expired"])
async def test_a_tenant_that_closes_ends_its_customers_streams(
    home: Hub, tenant: Tenant, other_tenant: Tenant, ana: OpenedSession, how: str
) -> None:
    sue = await in_thread(services.open_session, tenant=other_tenant)
    client = stream(ana.conversation.name, f"token={ana.token}")
    neighbour = stream(sue.conversation.name, f"token={sue.token}")
    for each in (client, neighbour):
        await each.open()
        await each.read_until("id: ")
    changes: dict[str, Any] = {"status": Tenant.Status.SUSPENDED}
    if how == "expired":
        changes = {"expires_at": timezone.now()}
    await in_thread(Tenant.objects.filter(pk=tenant.pk).update, **changes)
    await home.end_revoked()
    await client.body()  # ends
    assert (await stream(ana.conversation.name, f"token={ana.token}").open())["status"] in (
        401,
        403,
    )
    await in_thread(say, sue, "still here")
    assert "still here" in await neighbour.read_until("event: new_message")
    await neighbour.leave()


@pytest.mark.parametrize("token", ["", "rubbish"])
async def test_the_socket_is_refused_without_a_good_token(
    home: Hub, ana: OpenedSession, token: str
) -> None:
    path = f"/ws/sessions/{ana.conversation.name}?token={token}"
    communicator = WebsocketCommunicator(SOCKETS, path)
    connected, _code = await communicator.connect(5)
    assert not connected
    await communicator.disconnect()


async def test_the_socket_stands_under_the_api_too(home: Hub, ana: OpenedSession) -> None:
    path = f"/api/v1/ws/sessions/{ana.conversation.name}"
    headers = [(b"authorization", f"Bearer {ana.token}".encode())]
    communicator = WebsocketCommunicator(SOCKETS, path, headers=headers)
    connected, _code = await communicator.connect(5)
    assert connected
    await communicator.disconnect(timeout=5)


async def test_a_message_frame_is_acknowledged_and_heard_by_all(
    home: Hub, ana: OpenedSession
) -> None:
    async with socket(ana) as sender, socket(ana) as other:
        await sender.send_json_to({"type": "message", "text": " 你好 👋 ", "client_id": "c-1"})
        ack = await heard(sender, "ack")
        event = await heard(other, "new_message")
    assert ack["client_id"] == "c-1"
    assert ack["message"]["text"] == " 你好 👋 "
    assert event["payload"] == {**ack["message"], "session_name": ana.conversation.name}
    assert event["source"] == "ai_chatbot"
    assert event["id"]


async def test_a_frame_sent_again_is_acknowledged_again_and_doubles_nothing(
    home: Hub, ana: OpenedSession
) -> None:
    async with socket(ana) as sender:
        acks = []
        for _ in range(2):
            await sender.send_json_to({"type": "message", "text": "Hello", "client_id": "c-1"})
            acks.append(await heard(sender, "ack"))
    assert acks[0] == acks[1]
    assert [event.type for event in await in_thread(published, "shop")] == [
        "new_session",
        "new_message",
    ]


async def test_typing_reaches_the_other_screens(home: Hub, ana: OpenedSession) -> None:
    async with socket(ana) as sender, socket(ana) as other:
        await in_thread(say, ana, "Both are listening")
        await heard(other, "new_message")
        await sender.send_json_to({"type": "typing"})
        event = await heard(other, "typing")
    assert event["payload"]["author"] == {"kind": "customer", "name": "Ana"}


async def test_a_transfer_frame_asks_for_a_person(home: Hub, ana: OpenedSession) -> None:
    async with socket(ana) as sender:
        await sender.send_json_to({"type": "transfer", "reason": "A refund"})
        ack = await heard(sender, "ack")
        await sender.send_json_to({"type": "transfer"})
        again = await heard(sender, "ack")
    assert ack["session"]["status"] == again["session"]["status"] == State.QUEUED
    assert again["session"]["version"] == 2


BAD_FRAMES: list[tuple[Any, str]] = [
    ("{", "not_json"),
    ("null", "not_an_object"),
    ("[]", "not_an_object"),
    ("7", "not_an_object"),
    (b"\x00\xff", "not_text"),
    ({}, "unknown_frame"),
    ({"type": None}, "unknown_frame"),
    ({"type": ["message"]}, "unknown_frame"),
    ({"type": "shout", "text": "HELLO"}, "unknown_frame"),
    ({"type": "message"}, "invalid_input"),
    ({"type": "message", "text": None}, "invalid_input"),
    ({"type": "message", "text": 7}, "invalid_input"),
    ({"type": "message", "text": ""}, "invalid_input"),
    ({"type": "message", "text": " \n"}, "invalid_input"),
    ({"type": "message", "text": "x" * 10_001}, "invalid_input"),
    ({"type": "message", "text": "a\x00b"}, "invalid_input"),
    ('{"type": "message", "text": "a\\ud800b"}', "invalid_input"),
    ('{"type": "message", "text": "", "client_id": "\\ud800"}', "invalid_input"),
    ('{"type": "message", "text": "a", "\\ud800": 1}', "invalid_input"),
    ('{"type": "\\ud800"}', "unknown_frame"),
    ('{"type": "message", "text": NaN}', "invalid_input"),
    ({"type": "message", "text": "Hello", "client_id": 7}, "invalid_input"),
    ({"type": "message", "text": "Hello", "author": "agent"}, "invalid_input"),
    ({"type": "typing", "text": "Hel"}, "invalid_input"),
    ({"type": "transfer", "reason": 7}, "invalid_input"),
    ("[" * 100_000, "not_json"),
]


@pytest.mark.parametrize(
    ("frame", "code"), BAD_FRAMES, ids=[repr(frame)[:40] for frame, _ in BAD_FRAMES]
)
async def test_a_bad_frame_is_answered_and_the_socket_stays_open(
    home: Hub, ana: OpenedSession, frame: Any, code: str
) -> None:
    async with socket(ana) as sender:
        if isinstance(frame, bytes):
            await sender.send_to(bytes_data=frame)
        else:
            await sender.send_to(frame if isinstance(frame, str) else json.dumps(frame))
        error = await heard(sender, "error")
        assert error["code"] == code
        assert error["detail"]
        await sender.send_json_to({"type": "message", "text": "Still here"})
        assert (await heard(sender, "ack"))["message"]["text"] == "Still here"


async def test_the_refusal_of_a_message_names_it(home: Hub, ana: OpenedSession) -> None:
    async with socket(ana) as sender:
        await sender.send_json_to({"type": "message", "text": "", "client_id": "c-9"})
        error = await heard(sender, "error")
    assert error["client_id"] == "c-9"
    assert error["errors"][0]["field"] == "text"


def _last_message(tenant: Tenant) -> str:
    with tenant_scope(tenant):
        return str(Message.objects.latest("id").text)


async def test_a_frame_is_stored_as_typed(home: Hub, tenant: Tenant, ana: OpenedSession) -> None:
    async with socket(ana) as sender:
        await sender.send_json_to({"type": "message", "text": "😀" * 10_000})
        await heard(sender, "ack")
    assert await in_thread(_last_message, tenant) == "😀" * 10_000
