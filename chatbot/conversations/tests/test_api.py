"""The customer's table of the contract, call by call."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chatbot.conversations import services
from chatbot.conversations.models import Conversation, Customer
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.tests.conftest import Visitor
from chatplatform.accounts.models import User
from chatplatform.kernel.ids import hash_token
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from realtime import log
from realtime.testing import published

pytestmark = [pytest.mark.urls("chatplatform.urls.chatbot"), pytest.mark.django_db]

SESSIONS = "/api/v1/sessions"


def open_session(passer_by: Visitor, **more: Any) -> Any:
    body = {"tenant": "shop", "customer": {"name": "Ana"}, **more}
    return passer_by.post(SESSIONS, body, format="json")


def test_opening_a_session_gives_its_name_and_the_token_to_it(
    tenant: Tenant, passer_by: Visitor
) -> None:
    answer = open_session(passer_by)
    opened = answer.json()
    assert answer.status_code == 201
    assert opened["status"] == "ai_active"
    assert opened["position"] == log.position("shop")
    again = Visitor(opened["token"], opened["session_name"]).read()
    assert again.json()["session_name"] == opened["session_name"]


def test_the_token_is_stored_as_its_hash_only(tenant: Tenant, passer_by: Visitor) -> None:
    token = open_session(passer_by).json()["token"]
    with all_tenants():
        (customer,) = Customer.objects.values()
    assert len(token) == 43  # 256 bits
    assert customer["token_hash"] == hash_token(token)
    assert token not in str(customer)


def test_a_customer_who_comes_back_gets_a_new_session_and_keeps_the_old(
    tenant: Tenant, visitor: Visitor
) -> None:
    opened = open_session(visitor, customer={"email": "ana@example.com"}).json()
    assert opened["session_name"] != visitor.session_name
    assert opened["token"] == visitor.token
    assert visitor.read().status_code == 200
    assert Visitor(opened["token"], opened["session_name"]).read().status_code == 200
    with all_tenants():
        assert [(c.name, c.email) for c in Customer.objects.all()] == [("Ana", "ana@example.com")]


@pytest.mark.parametrize("token", ["rubbish", "of another tenant"])
def test_a_token_unknown_in_the_tenant_opens_a_new_customers_session(
    tenant: Tenant, other_tenant: Tenant, token: str
) -> None:
    if token != "rubbish":
        token = services.open_session(tenant=other_tenant).token
    answer = open_session(Visitor(token))
    assert answer.status_code == 201
    assert answer.json()["token"] != token


@pytest.mark.parametrize("slug", ["nobody", "SHOP", "shop "])
def test_an_unknown_tenant_is_said_to_be_unknown(
    tenant: Tenant, passer_by: Visitor, slug: str
) -> None:
    answer = open_session(passer_by, tenant=slug)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_tenant")


def test_a_suspended_tenant_is_as_good_as_unknown(tenant: Tenant, visitor: Visitor) -> None:
    Tenant.objects.update(status=Tenant.Status.SUSPENDED)
    assert open_session(visitor).json()["code"] == "unknown_tenant"
    assert visitor.read().status_code == 401


def test_an_expired_tenant_says_that_it_is_closed(
    tenant: Tenant, visitor: Visitor, passer_by: Visitor
) -> None:
    Tenant.objects.update(expires_at=timezone.now())
    for answer in (open_session(visitor), open_session(passer_by), visitor.read()):
        assert (answer.status_code, answer.json()["code"]) == (403, "tenant_closed")
    Tenant.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert visitor.read().status_code == 200


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("zh-hans", "en", "zh-hans"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("", "fr,de;q=0.5", "zh-hans"),
        ("", "", "zh-hans"),
    ],
)
def test_the_language_is_the_customers_else_the_browsers_else_the_tenants(
    tenant: Tenant, passer_by: Visitor, asked: str, accepted: str, language: str
) -> None:
    Tenant.objects.update(default_language="zh-hans")
    passer_by.credentials(HTTP_ACCEPT_LANGUAGE=accepted)
    assert open_session(passer_by, language=asked).json()["language"] == language


def test_a_session_shows_who_serves_it(
    in_tenant: Tenant, visitor: Visitor, ana: OpenedSession, ben: User
) -> None:
    visitor.send("/transfer")
    waiting = visitor.read().json()
    assert (waiting["status"], waiting["queue_position"], waiting["agent"]) == ("queued", 1, None)
    ana.conversation.refresh_from_db()
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    served = visitor.read().json()
    assert (served["status"], served["queue_position"]) == ("active", None)
    assert served["agent"] == {"id": ben.pk, "name": "Ben"}


def test_a_message_is_answered_with_itself(visitor: Visitor) -> None:
    answer = visitor.send("/messages", {"text": " Hello 你好 👋 ", "client_id": "c-1"})
    message = answer.json()
    assert answer.status_code == 201
    assert message["text"] == " Hello 你好 👋 "
    assert message["author"] == {"kind": "customer", "name": "Ana"}
    assert message["client_id"] == "c-1"
    assert message["created_at"].endswith("Z")


def test_the_same_client_id_again_gives_the_same_message(visitor: Visitor) -> None:
    first = visitor.send("/messages", {"text": "Hello", "client_id": "c-1"})
    again = visitor.send("/messages", {"text": "Hello", "client_id": "c-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(visitor.read("/messages").json()["results"]) == 1


def test_messages_come_in_order_and_after_one_that_is_known(visitor: Visitor) -> None:
    for text in ("one", "two", "three"):
        visitor.send("/messages", {"text": text})
    everything = visitor.read("/messages").json()
    assert [message["text"] for message in everything["results"]] == ["one", "two", "three"]
    assert everything["position"] == log.position("shop")
    known = everything["results"][1]["id"]
    rest = visitor.read(f"/messages?after={known}").json()["results"]
    assert [message["text"] for message in rest] == ["three"]


def test_a_transfer_is_accepted_once_and_then_known(visitor: Visitor) -> None:
    first = visitor.send("/transfer", {"reason": "A refund"})
    again = visitor.send("/transfer")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["status"] == again.json()["status"] == "queued"
    assert again.json()["transfer_reason"] == "A refund"


def test_a_post_may_have_no_body_at_all(visitor: Visitor) -> None:
    assert visitor.post(visitor.path("/transfer")).status_code == 202
    assert visitor.post(visitor.path("/cancel-transfer")).status_code == 200
    assert visitor.post(visitor.path("/typing")).status_code == 204
    assert visitor.post(visitor.path("/close")).status_code == 200


def test_a_customer_may_go_back_to_the_ai(visitor: Visitor) -> None:
    visitor.send("/transfer")
    answer = visitor.send("/cancel-transfer")
    assert (answer.status_code, answer.json()["status"]) == (200, "ai_active")


def test_asking_for_a_person_while_one_is_there_is_a_conflict_with_the_truth(
    in_tenant: Tenant, visitor: Visitor, ana: OpenedSession, ben: User
) -> None:
    visitor.send("/transfer")
    ana.conversation.refresh_from_db()
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    answer = visitor.send("/transfer")
    problem = answer.json()
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["code"] == "state_conflict"
    assert problem["session"]["agent"]["name"] == "Ben"
    assert problem["detail"] == "Ben has this conversation."


def test_closing_is_answered_with_the_closed_session_however_often(visitor: Visitor) -> None:
    answers = [visitor.send("/close") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["status"] == "resolved"


def test_writing_into_a_session_closed_long_ago_is_a_conflict_of_its_own(
    in_tenant: Tenant, visitor: Visitor
) -> None:
    visitor.send("/close")
    Conversation.objects.update(resolved_at="2026-01-01T00:00:00Z")
    answer = visitor.send("/messages", {"text": "Hello?"})
    assert (answer.status_code, answer.json()["code"]) == (409, "session_closed")


def test_typing_leaves_nothing_behind(visitor: Visitor) -> None:
    before = len(published("shop"))
    answer = visitor.send("/typing")
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(published("shop")) == before


def test_every_call_is_described_in_the_schema(passer_by: Visitor) -> None:
    schema = passer_by.get("/api/schema/?format=json").json()
    described = {
        f"{method.upper()} {path}"
        for path, methods in schema["paths"].items()
        for method in methods
        if path.startswith(SESSIONS)
    }
    session = f"{SESSIONS}/{{name}}"
    assert described == {
        f"POST {SESSIONS}",
        f"GET {session}",
        f"GET {session}/events",
        f"GET {session}/messages",
        f"POST {session}/messages",
        f"POST {session}/transfer",
        f"POST {session}/cancel-transfer",
        f"POST {session}/close",
        f"POST {session}/typing",
        f"POST {session}/tool-calls/{{call}}/confirm",
        f"POST {session}/tool-calls/{{call}}/decline",
    }
    text = schema["components"]["schemas"]["MessageBody"]["properties"]["text"]
    assert (text["minLength"], text["maxLength"]) == (1, 10_000)
