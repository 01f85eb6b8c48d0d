from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.models import AuditEntry
from chatplatform.audit.sealing import seal_waiting
from chatplatform.audit.services import record
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]


@pytest.fixture
def cleos(client: Client, cleo: User) -> Client:
    """A supervisor's browser."""
    client.force_login(cleo)
    return client


def listed(browser: Client, **query: str) -> list[dict[str, Any]]:
    answer = browser.get(f"/api/v1/audit?{urlencode(query)}")
    assert answer.status_code == 200, answer.content
    lines: list[dict[str, Any]] = answer.json()["results"]
    return lines


def line(tenant: Tenant, action: str = "thing.do", target: str = "1", **more: Any) -> AuditEntry:
    return record(**{"tenant": tenant, "actor": SYSTEM, "action": action, "target": target, **more})


def test_a_line_is_told_with_all_it_knows(cleos: Client, tenant: Tenant) -> None:
    made = line(
        tenant,
        "tenant.change",
        "shop",
        actor=Actor("user", "7", "ada"),
        before={"name": "Old"},
        after={"name": "New"},
    )
    seal_waiting()
    (told,) = listed(cleos, action="tenant.change")
    sealed = AuditEntry._base_manager.get(pk=made.pk)
    assert told == {
        "id": made.pk,
        "at": sealed.at.isoformat().replace("+00:00", "Z"),
        "actor": {"kind": "user", "id": "7", "name": "ada"},
        "action": "tenant.change",
        "title": "Tenant changed",
        "target": {"type": "tenant", "id": "shop"},
        "before": {"name": "Old"},
        "after": {"name": "New"},
        "data": {},
        "address": "",
        "request_id": "",
        "sequence": sealed.sequence,
        "digest": sealed.digest,
    }


def test_words_are_in_the_readers_language(cleos: Client, tenant: Tenant) -> None:
    line(tenant, "x.y", actor=Actor("ai", label="written long ago"))
    (told,) = listed(cleos, action="x.y")
    assert told["actor"]["name"] == "AI assistant"
    cleos.cookies["django_language"] = "zh-hans"
    (told,) = listed(cleos, action="x.y")
    assert told["actor"]["name"] == "AI 助手"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"action": "thing.do"}, ["1", "2"]),
        ({"action": "thing.undo"}, ["3"]),
        ({"actor_kind": "user"}, ["3"]),
        ({"actor": "7"}, ["3"]),
        ({"target": "2"}, ["2"]),
        ({"target": "2", "target_type": "other"}, []),
    ],
)
def test_lines_are_filtered(
    cleos: Client, tenant: Tenant, query: dict[str, str], found: list[str]
) -> None:
    line(tenant, target="1")
    line(tenant, target="2")
    line(tenant, "thing.undo", "3", actor=Actor("user", "7", "ada"))
    own = [told for told in listed(cleos, **query) if told["target"]["type"] == "thing"]
    assert [told["target"]["id"] for told in reversed(own)] == found


def test_a_span_of_time_includes_its_beginning_only(cleos: Client, tenant: Tenant) -> None:
    at = timezone.now() - timedelta(days=3)
    AuditEntry._base_manager.filter(pk=line(tenant, "x.y").pk).update(at=at)
    moment, later = at.isoformat(), (at + timedelta(seconds=1)).isoformat()
    assert len(listed(cleos, **{"from": moment, "to": later})) == 1
    assert listed(cleos, **{"from": later, "action": "x.y"}) == []
    assert listed(cleos, to=moment, action="x.y") == []


@pytest.mark.parametrize(
    "query", [{"from": "yesterday"}, {"to": "2040-01-01"}, {"cursor": "rubbish"}]
)
def test_bad_filters_are_refused(cleos: Client, query: dict[str, str]) -> None:
    assert cleos.get(f"/api/v1/audit?{urlencode(query)}").status_code == 400


def test_pages_follow_each_other(cleos: Client, tenant: Tenant) -> None:
    for number in range(5):
        line(tenant, "x.y", str(number))
    first = cleos.get("/api/v1/audit?action=x.y&limit=3").json()
    line(tenant, "x.y", "new")
    second = cleos.get(first["next"]).json()
    ids = [told["target"]["id"] for told in first["results"] + second["results"]]
    assert ids == ["4", "3", "2", "1", "0"]
    assert second["next"] is None


def test_a_page_costs_the_same_however_many_lines(cleos: Client, tenant: Tenant) -> None:
    line(tenant, "x.y")
    listed(cleos)
    with CaptureQueriesContext(connection) as few:
        listed(cleos)
    for number in range(20):
        line(tenant, "x.y", str(number))
    with CaptureQueriesContext(connection) as many:
        listed(cleos)
    assert len(many) == len(few)


def test_only_who_may_see_history_does(client: Client, ben: User) -> None:
    operator = User.objects.create(username="olga", is_superuser=True)
    assert client.get("/api/v1/audit").status_code == 401
    for user in (ben, operator):
        client.force_login(user)
        assert client.get("/api/v1/audit").status_code == 403


def test_another_companys_lines_are_not_told(
    cleos: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    line(tenant, "x.y", "here")
    line(other_tenant, "x.y", "there")
    assert [told["target"]["id"] for told in listed(cleos, action="x.y")] == ["here"]
