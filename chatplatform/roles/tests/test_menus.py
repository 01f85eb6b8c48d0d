"""The menu: what code declares, what a user may open, how her tenant arranges it."""

from typing import Any

import pytest
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import NotFound, PermissionRefused
from chatplatform.roles import menus, services
from chatplatform.roles.menus import Entry
from chatplatform.roles.models import MenuOverride
from chatplatform.roles.tests.conftest import Shop
from chatplatform.roles.tests.factories import give
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

VIEWS = ["desk.queue", "desk.mine", "desk.all", "desk.approvals"]


@pytest.fixture(autouse=True)
def as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares ends with it."""
    kept = [each for each in menus.declared().values() if each.key.startswith(("desk.", "admin"))]
    monkeypatch.setattr(menus, "_entries", {each.key: each for each in kept})


def menu(user: User) -> list[str]:
    client = Client()
    client.force_login(user)
    answer = client.get("/api/v1/menus/me")
    assert answer.status_code == 200
    return [entry["key"] for entry in answer.json()["results"]]


def test_everybody_gets_what_she_may_open(shop: Shop, ben: User, ada: User) -> None:
    assert menu(ben) == VIEWS
    assert menu(ada) == [*VIEWS, "admin"]
    assert menu(give(ben)) == [], "no role, no entry"
    assert Client().get("/api/v1/menus/me").status_code == 401


def test_entries_carry_title_and_address(shop: Shop, ben: User) -> None:
    client = Client()
    client.force_login(ben)
    first: dict[str, Any] = client.get("/api/v1/menus/me").json()["results"][0]
    assert first == {
        "key": "desk.queue",
        "title": "Queue",
        "url": "/?view=queue",
        "icon": "queue",
    }
    assert client.get(first["url"]).status_code == 200


def test_a_tenant_orders_and_hides(
    shop: Shop, ben: User, sam: User, ada: User, other_tenant: Tenant
) -> None:
    services.arrange_menu(tenant=shop.tenant, key="desk.all", order=-1, by=ada)
    services.arrange_menu(tenant=shop.tenant, key="desk.mine", hidden=True, by=ada)
    assert menu(ben) == ["desk.all", "desk.queue", "desk.approvals"]
    assert menu(sam) == VIEWS, "the neighbour's is as it was"
    page = Client()
    page.force_login(ben)
    drawn = page.get("/").content.decode()
    assert drawn.index('id="view-all"') < drawn.index('id="view-queue"')
    assert 'id="view-mine"' not in drawn
    services.arrange_menu(tenant=shop.tenant, key="desk.all", order=-1, hidden=True, by=ada)
    line = AuditEntry.objects.filter(action="menu.arrange").first()
    assert (line.before, line.after) == ({"hidden": False}, {"hidden": True})


def test_only_who_may_arranges_and_only_what_there_is(
    shop: Shop, ben: User, ada: User, other_tenant: Tenant
) -> None:
    with pytest.raises(PermissionRefused):
        services.arrange_menu(tenant=shop.tenant, key="desk.all", by=ben)
    with pytest.raises(PermissionRefused):
        services.arrange_menu(tenant=other_tenant, key="desk.all", by=ada)
    with pytest.raises(NotFound):
        services.arrange_menu(tenant=shop.tenant, key="nowhere", by=ada)


def test_an_entry_leads_somewhere_or_is_not_there(shop: Shop, ben: User) -> None:
    menus.declare(Entry(key="gone", title="Gone", route="no:such"))
    menus.declare(Entry(key="help", title="Help", route="healthz", order=99))
    MenuOverride.objects.create(tenant=shop.tenant, key="of-old", order=1)
    assert menu(ben) == [*VIEWS, "help"]


def test_the_console_shows_other_rooms_by_their_permission(
    shop: Shop, ben: User, ada: User
) -> None:
    menus.declare(
        Entry(key="house", title="House", route="healthz", permission="accounts.view_user")
    )
    for user, shown in ((ben, False), (ada, True)):
        client = Client()
        client.force_login(user)
        assert ('href="/healthz"' in client.get("/").content.decode()) is shown
