import asyncio
import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatplatform.accounts.models import User
from chatplatform.audit import services
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.export import PAGE, harmless
from chatplatform.audit.models import AuditEntry
from chatplatform.audit.sealing import lines_of
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

LIST = "/admin/audit/auditentry/"
EXPORT = f"{LIST}export/"


@pytest.fixture
def adas(ada: User, client: Client) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def change(ada: User) -> AuditEntry:
    """Ada renamed the shop."""
    return services.record(
        tenant=ada.tenant,
        actor=Actor("user", str(ada.pk), "ada"),
        action="tenant.change",
        target="shop",
        before={"name": "<b>Old</b>", "limits": {}},
        after={"name": "New", "limits": {"seats": 3}},
    )


def shown(browser: Client, address: str = LIST) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def exported(response: Any) -> list[list[str]]:
    async def body() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    assert response.status_code == 200
    return list(csv.reader(StringIO(asyncio.run(body()).decode("utf-8-sig"))))


def test_the_list_speaks_in_words_and_links_to_targets(adas: Client, change: AuditEntry) -> None:
    page = shown(adas)
    assert "Tenant changed" in page
    assert 'href="/admin/tenants/tenant/?slug=shop">Tenant shop</a>' in page
    adas.cookies["django_language"] = "zh-hans"
    assert "AI 助手" in shown(adas)  # a filter's choice


def test_one_line_shows_before_and_after_as_a_table(adas: Client, change: AuditEntry) -> None:
    page = shown(adas, f"{LIST}{change.pk}/change/")
    assert "&lt;b&gt;Old&lt;/b&gt;" in page
    assert "<b>Old</b>" not in page
    assert "{&quot;seats&quot;: 3}" in page
    assert "New" in page


def test_what_has_no_name_is_named_in_the_readers_language(adas: Client, ada: User) -> None:
    services.record(
        tenant=ada.tenant, actor=Actor("ai", label="written long ago"), action="x.y", target="1"
    )
    assert "AI assistant" in shown(adas)
    assert "written long ago" not in shown(adas)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?action=tenant.change", True),
        ("?action=tenant.create", False),
        ("?actor_kind=user", True),
        ("?actor_kind=ai", False),
        ("?q=shop", True),
        ("?q=nothing", False),
        ("?at__year=2000", False),
    ],
)
def test_lines_are_filtered(adas: Client, change: AuditEntry, query: str, found: bool) -> None:
    assert (f"{LIST}{change.pk}/change/" in shown(adas, LIST + query)) == found


def test_one_persons_lines_are_found(adas: Client, ada: User, ben: User, sam: User) -> None:
    def line(action: str, kind: str, user: User) -> AuditEntry:
        actor = Actor(kind, str(user.pk), user.username)
        return services.record(tenant=ada.tenant, actor=actor, action=action, target="1")

    own, served = line("x.own", "user", ben), line("x.served", "agent", ben)
    of_another = line("x.other", "user", ada)
    page = shown(adas, f"{LIST}?person={ben.pk}")
    assert f"{LIST}{own.pk}/change/" in page
    assert f"{LIST}{served.pk}/change/" in page
    assert f"{LIST}{of_another.pk}/change/" not in page
    assert f"person={sam.pk}" not in page


def test_the_list_costs_the_same_however_many_lines(adas: Client, change: AuditEntry) -> None:
    shown(adas)
    with CaptureQueriesContext(
        connection,
    ) as few:
        shown(adas)
    for number in range(20):
        services.record(tenant=change.tenant, actor=SYSTEM, action="thing.do", target=str(number))
    with CaptureQueriesContext(connection) as many:
        shown(adas)
    assert len(many) == len(few)


def test_another_tenants_lines_are_not_found(
    adas: Client, other_tenant: Tenant, change: AuditEntry
) -> None:
    foreign = services.record(tenant=other_tenant, actor=SYSTEM, action="thing.do", target="1")
    assert f"{LIST}{foreign.pk}/change/" not in shown(adas)
    assert adas.get(f"{LIST}{foreign.pk}/change/").status_code in (302, 404)


def test_lines_are_only_looked_at(adas: Client, change: AuditEntry) -> None:
    assert adas.get(f"{LIST}add/").status_code == 403
    assert adas.post(f"{LIST}{change.pk}/change/", {"action": "x"}).status_code == 403
    assert adas.post(f"{LIST}{change.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"x{cell}") == f"x{cell}"


@pytest.mark.django_db(transaction=True)
def test_what_is_listed_can_be_taken_away_as_a_file(
    adas: Client, change: AuditEntry, other_tenant: Tenant
) -> None:
    services.record(tenant=other_tenant, actor=SYSTEM, action="tenant.change", target="neighbour")
    services.record(
        tenant=change.tenant, actor=Actor("customer", "1", "=cmd()"), action="x.y", target="1"
    )
    response = adas.get(EXPORT)
    header, *rows = exported(response)
    assert header[:4] == ["Time (UTC)", "Actor", "Kind of actor", "Action"]
    assert [row[1] for row in rows] == ["ada", "'=cmd()", "ada"]  # her export is the newest line
    assert rows[2][3:8] == [
        *("Tenant changed", "tenant.change", "Tenant shop", "shop"),
        '{"name": "<b>Old</b>", "limits": {}}',
    ]
    assert response["Content-Disposition"].startswith('attachment; filename="history-shop-')


@pytest.mark.django_db(transaction=True)
def test_a_file_holds_what_the_list_is_narrowed_to(adas: Client, change: AuditEntry) -> None:
    services.record(tenant=change.tenant, actor=SYSTEM, action="thing.do", target="1")
    _, *rows = exported(adas.get(f"{EXPORT}?action=tenant.change"))
    assert [row[4] for row in rows] == ["tenant.change"]
    told = lines_of(change.tenant_id).get(action="audit.export")
    assert told.data == {"filters": {"action": "tenant.change"}}


@pytest.mark.django_db(transaction=True)
def test_a_file_is_whole_beyond_one_portion(
    adas: Client, change: AuditEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatplatform.audit.export.PAGE", 2)
    for number in range(5):
        services.record(tenant=change.tenant, actor=SYSTEM, action="x.y", target=str(number))
    _, *rows = exported(adas.get(f"{EXPORT}?action=x.y"))
    assert [row[6] for row in rows] == ["4", "3", "2", "1", "0"]
    assert PAGE > 100


def test_only_who_may_export_does(client: Client, cleo: User) -> None:
    cleo.is_staff = True
    cleo.save()
    client.force_login(cleo)
    assert client.get(LIST).status_code == 200
    assert EXPORT not in shown(client)
    assert client.get(EXPORT).status_code == 403
