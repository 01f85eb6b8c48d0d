"""Streams and sockets, against the applications that daphne serves."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import channel_layers
from django.test import Client

from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession
from chatplatform import asgi
from chatplatform.kernel import background
from chatplatform.tenants.models import Tenant
from realtime import hub, publish
from tests.isolation.addresses import filled
from tests.isolation.entries import ENTRIES, Tried
from tests.isolation.routes import Route, routes
from tests.isolation.treasure import MARK, Treasure
from tests.isolation.visitors import Visitor, visitors

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30  # s; the machine may be busy
WIRED = [route for route in routes() if route.kind != "page"]


@pytest.fixture(autouse=True)
def a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers remember event loops, and jobs would outlive the test's database."""
    channel_layers.backends.clear()
    monkeypatch.setattr(background, "start", lambda door: None)


@pytest.mark.parametrize("route", WIRED, ids=str)
async def test_a_stream_tells_strangers_nothing(
    route: Route, other_tenant: Tenant, tenant: Tenant, ana: OpenedSession
) -> None:
    entry = ENTRIES[str(route)]
    assert isinstance(entry, Tried)
    treasure = Treasure(other_tenant, known=[])
    secret = await sync_to_async(treasure.row)(Conversation)
    people = await sync_to_async(visitors)(tenant, ana)
    wrong = []
    for who, visitor in people.items():
        path = filled(route, entry, treasure)
        heard = await listened(route, path, visitor, secret)
        if entry.ids and not heard["refused"]:
            wrong.append(f"{who}: let in")
        if MARK in heard["text"]:
            wrong.append(f"{who}: heard the neighbour")
    await (await hub.current()).stop()
    assert wrong == []


async def listened(route: Route, path: str, visitor: Visitor, secret: Any) -> dict[str, Any]:
    """Whether the visitor was let in, and what she heard of an event of the neighbour's and, after
    it, of one to everybody in the shop."""
    client = ApplicationCommunicator(
        getattr(asgi, route.door), await sync_to_async(scope_of)(route, path, visitor)
    )
    kind = "websocket.connect" if route.kind == "socket" else "http.request"
    await client.send_input({"type": kind})
    first = await client.receive_output(PATIENCE)
    let_in = first.get("status") == 200 or first["type"] == "websocket.accept"
    text = ""
    if let_in:
        await sync_to_async(publish.to_session)(
            secret.name, "note", {"text": MARK}, source="system", log="neighbour"
        )
        await sync_to_async(publish.broadcast)("note", {"n": 1}, source="system", log="shop")
        while '"n": 1' not in text and '"n":1' not in text:
            message = await client.receive_output(PATIENCE)
            text += message.get("body", b"").decode() + (message.get("text") or "")
        gone = "websocket.disconnect" if route.kind == "socket" else "http.disconnect"
        await client.send_input({"type": gone, "code": 1000})
        await client.wait(PATIENCE)
    return {"refused": not let_in, "text": text}


def scope_of(route: Route, path: str, visitor: Visitor) -> dict[str, Any]:
    headers = [(b"host", b"testserver")]
    headers += [(name.lower().encode(), value.encode()) for name, value in visitor.headers.items()]
    if visitor.user is not None:
        browser = Client()
        browser.force_login(visitor.user)
        cookies = "; ".join(f"{name}={value.value}" for name, value in browser.cookies.items())
        headers.append((b"cookie", cookies.encode()))
    return {
        "type": "websocket" if route.kind == "socket" else "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.7", 4711),
    }
