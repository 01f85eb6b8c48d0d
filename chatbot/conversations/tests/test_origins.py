"""Pages of other sites at the customers' API: any, or those that the tenant allows."""

from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from chatbot import routing
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.tests.conftest import Visitor
from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants import services
from chatplatform.tenants.models import Tenant
from realtime.hub import Hub
from realtime.tests.readers import StreamClient

pytestmark = [
    pytest.mark.urls("chatplatform.urls.chatbot"),
    pytest.mark.django_db(transaction=True),
]

SHOP, STRANGER = "https://shop.example", "https://stranger.example"


@pytest.fixture
def picky(tenant: Tenant) -> Tenant:
    """The tenant, whose chat only one site may show."""
    with tenant_scope(tenant):
        services.allow_origin(tenant=tenant, origin=SHOP, actor=SYSTEM)
    return tenant


def calls(visitor: Visitor, origin: str | None) -> Any:
    headers = {} if origin is None else {"HTTP_ORIGIN": origin}
    return visitor.get(visitor.path(), **headers)  # type: ignore[arg-type]  # WSGI's way of headers


def test_without_allowed_origins_every_page_may_ask(visitor: Visitor) -> None:
    assert calls(visitor, STRANGER).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [(SHOP, 200), (STRANGER, 403), ("null", 403), ("http://testserver", 200), (None, 200)],
)
def test_a_page_that_the_tenant_does_not_allow_is_turned_away(
    picky: Tenant, visitor: Visitor, origin: str | None, status: int
) -> None:
    answer = calls(visitor, origin)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "origin_not_allowed"


def test_it_opens_no_session_either(picky: Tenant, passer_by: Visitor) -> None:
    body = {"tenant": picky.slug}
    refused = passer_by.post("/api/v1/sessions", body, format="json", HTTP_ORIGIN=STRANGER)
    assert refused.status_code == 403
    allowed = passer_by.post("/api/v1/sessions", body, format="json", HTTP_ORIGIN=SHOP)
    assert allowed.status_code == 201


def test_our_own_pages_cost_no_query(
    picky: Tenant, visitor: Visitor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as without:
        calls(visitor, None)
    with django_assert_num_queries(len(without)):
        calls(visitor, "http://testserver")


async def test_streams_and_sockets_ask_likewise(
    home: Hub, picky: Tenant, ana: OpenedSession
) -> None:
    path = f"/sessions/{ana.conversation.name}"
    streams, sockets = URLRouter(routing.http_urlpatterns), URLRouter(routing.websocket_urlpatterns)
    for origin, status, accepted in [(SHOP, 200, True), (STRANGER, 403, False)]:
        headers = {"authorization": f"Bearer {ana.token}", "origin": origin, "host": "chat.example"}
        client = StreamClient(streams, f"/api/v1{path}/events", **headers)
        assert (await client.open())["status"] == status
        await client.leave()
        given = [(name.encode(), text.encode()) for name, text in headers.items()]
        socket = WebsocketCommunicator(sockets, f"/ws{path}", given)
        assert (await socket.connect(5))[0] is accepted
        if accepted:
            await socket.disconnect(timeout=5)
