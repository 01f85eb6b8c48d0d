"""A flood of one customer, or of one tenant's, is told when to come back."""

from collections.abc import Iterator
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from chatbot import routing
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.tests.conftest import Visitor
from chatplatform.protection import throttling
from chatplatform.protection.limiter import Rate
from chatplatform.protection.throttling import Rule
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from realtime.hub import Hub
from realtime.tests.readers import StreamClient

pytestmark = [
    pytest.mark.urls("chatplatform.urls.chatbot"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def rates(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[Rule, int]]:
    """Of each rule, calls a minute; three times as many at once."""
    chosen = dict(throttling.PER_MINUTE)
    monkeypatch.setattr(throttling, "_per_minute", chosen.__getitem__)
    throttling.limiter.clear()
    yield chosen
    throttling.limiter.clear()


def is_throttled(answer: Any) -> bool:
    if answer.status_code != 429:
        return False
    problem = answer.json()
    assert problem["code"] == "too_many_requests"
    assert int(answer["Retry-After"]) == problem["retry_after"] > 0
    return True


def test_a_customer_who_floods_is_throttled_and_another_is_not(
    visitor: Visitor, passer_by: Visitor, rates: dict[Rule, int]
) -> None:
    rates[Rule.MESSAGES] = 1
    said = [is_throttled(visitor.send("/messages", {"text": "again"})) for _ in range(4)]
    assert said == [False, False, False, True]
    assert visitor.read().status_code == 200
    opened = passer_by.post("/api/v1/sessions", {"tenant": "shop"}, format="json").json()
    other = Visitor(opened["token"], opened["session_name"])
    assert other.send("/messages", {"text": "hello"}).status_code == 201


def test_an_address_begins_only_so_many_chats(
    tenant: Tenant, passer_by: Visitor, rates: dict[Rule, int]
) -> None:
    rates[Rule.NEW_SESSIONS] = 1

    def begins() -> Any:
        return passer_by.post("/api/v1/sessions", {"tenant": "shop"}, format="json")

    assert [is_throttled(begins()) for _ in range(4)] == [False, False, False, True]


def test_a_plan_says_how_many_calls_all_of_a_tenants_customers_have(
    tenant: Tenant, visitor: Visitor
) -> None:
    tenant.limits = {Metric.REQUESTS_PER_MINUTE: 2}
    tenant.save()
    assert [is_throttled(visitor.read()) for _ in range(3)] == [False, False, True]


async def test_a_stream_is_refused_before_it_starts(
    home: Hub, ana: OpenedSession, rates: dict[Rule, int]
) -> None:
    rates[Rule.STREAMS] = 1
    for _ in range(3):
        throttling.spend(Rule.STREAMS, "")
    client = StreamClient(
        URLRouter(routing.http_urlpatterns),
        f"/api/v1/sessions/{ana.conversation.name}/events",
        authorization=f"Bearer {ana.token}",
    )
    start = await client.open()
    assert start["status"] == 429
    assert int(dict(start["headers"])[b"retry-after"]) > 0
    assert '"too_many_requests"' in await client.body()


async def test_a_socket_is_refused_and_the_frames_of_an_open_one_are_answered(
    home: Hub, ana: OpenedSession, rates: dict[Rule, int]
) -> None:
    rates[Rule.FRAMES] = rates[Rule.STREAMS] = 1
    path = f"/ws/sessions/{ana.conversation.name}?token={ana.token}"
    socket = WebsocketCommunicator(URLRouter(routing.websocket_urlpatterns), path)
    assert (await socket.connect(5))[0]
    for _ in range(4):
        await socket.send_json_to({"type": "typing", "client_id": "x"})
    answers = [await socket.receive_json_from(5) for _ in range(4)]
    throttled = [answer for answer in answers if answer.get("code") == "too_many_requests"]
    assert len(throttled) == 1
    assert throttled[0]["type"] == "error"
    assert throttled[0]["retry_after"] > 0
    await socket.disconnect(timeout=5)
    for _ in range(3):
        throttling.limiter.spend((Rule.STREAMS, ""), Rate(1, 3))
    again = WebsocketCommunicator(URLRouter(routing.websocket_urlpatterns), path)
    assert (await again.connect(5))[0] is False
