"""Whose session it is: every door, every wrong key."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from chatbot.conversations import services
from chatbot.conversations.access import (
    UnknownSession,
    access_conversation,
    access_session,
    access_session_log,
)
from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.tests.conftest import Visitor
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.testing import published

pytestmark = [pytest.mark.urls("chatplatform.urls.chatbot"), pytest.mark.django_db]

DOORS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("GET", "/messages", None),
    ("POST", "/messages", {"text": "Hello"}),
    ("POST", "/transfer", {}),
    ("POST", "/cancel-transfer", {}),
    ("POST", "/close", {}),
    ("POST", "/typing", {}),
]
doors = pytest.mark.parametrize(("method", "rest", "body"), DOORS)


def knock(visitor: Visitor, method: str, rest: str, body: Any) -> Any:
    return visitor.read(rest) if method == "GET" else visitor.send(rest, body)


@doors
@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer rubbish", "Bearer " + "x" * 5000, "Basic YTpi", "\xff"],
)
def test_without_a_good_token_every_door_answers_401(
    ana: OpenedSession, header: str | None, method: str, rest: str, body: Any
) -> None:
    visitor = Visitor(session_name=ana.conversation.name)
    if header is not None:
        visitor.credentials(HTTP_AUTHORIZATION=header)
    answer = knock(visitor, method, rest, body)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "invalid_token"


@doors
@pytest.mark.parametrize("whose", ["nobody", "another visitor", "another tenant", "no name"])
def test_a_session_that_is_not_hers_does_not_exist(
    tenant: Tenant,
    other_tenant: Tenant,
    ana: OpenedSession,
    whose: str,
    method: str,
    rest: str,
    body: Any,
) -> None:
    names: dict[str, Callable[[], str]] = {
        "nobody": public_id,
        "another visitor": lambda: services.open_session(tenant=tenant).conversation.name,
        "another tenant": lambda: services.open_session(tenant=other_tenant).conversation.name,
        "no name": lambda: "%00%ff..%20",
    }
    visitor = Visitor(ana.token, names[whose]())
    before = [len(published(log)) for log in ("shop", "neighbour")]
    answer = knock(visitor, method, rest, body)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_session")
    assert [len(published(log)) for log in ("shop", "neighbour")] == before


def test_an_agents_login_opens_no_customers_session(ana: OpenedSession, ben: User) -> None:
    visitor = Visitor(session_name=ana.conversation.name)
    visitor.force_login(ben)
    assert visitor.read().status_code == 401


def test_a_customers_token_opens_all_her_sessions(tenant: Tenant, ana: OpenedSession) -> None:
    second = services.open_session(tenant=tenant, customer=ana.customer).conversation
    for conversation in (ana.conversation, second):
        assert access_session(token=ana.token, name=conversation.name) == conversation


def test_an_agent_reaches_her_tenants_conversations(ana: OpenedSession, ben: User) -> None:
    assert access_conversation(user=ben, name=ana.conversation.name) == ana.conversation


def test_sam_from_another_tenant_finds_nothing(
    ana: OpenedSession, sam: User, other_tenant: Tenant
) -> None:
    with pytest.raises(UnknownSession):
        access_conversation(user=sam, name=ana.conversation.name)
    with tenant_scope(other_tenant):
        assert not Conversation.objects.exists()


@pytest.mark.parametrize("name", ["", "no such name", "\x00", "x" * 100, "../etc", "é"])
def test_an_agent_with_a_name_that_is_none_finds_nothing(ben: User, name: str) -> None:
    with pytest.raises(UnknownSession):
        access_conversation(user=ben, name=name)


def test_a_colleague_who_may_not_serve_is_refused(tenant: Tenant, ana: OpenedSession) -> None:
    clerk = User.objects.create_user("clerk", tenant=tenant)
    with pytest.raises(PermissionRefused):
        access_conversation(user=clerk, name=ana.conversation.name)


def test_somebody_who_left_the_company_is_refused(ana: OpenedSession, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    with pytest.raises(PermissionRefused):
        access_conversation(user=User.objects.get(pk=ben.pk), name=ana.conversation.name)


def test_a_stream_is_let_in_by_one_query(
    ana: OpenedSession, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        log = access_session_log(token=ana.token, name=ana.conversation.name)
    assert log == ana.conversation.tenant.slug
