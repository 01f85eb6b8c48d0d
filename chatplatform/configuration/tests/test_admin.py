from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatplatform.accounts.models import User
from chatplatform.configuration import memory
from chatplatform.configuration.models import Setting
from chatplatform.configuration.selectors import current
from chatplatform.configuration.tests.groups import TeaSettings
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

PAGES = "/admin/configuration/setting/"
TEA = f"{PAGES}group/tea/"
# What the page of a group shows and sends back when nothing is changed.
AS_IT_IS = {"minutes": "3", "cups": "2", "kind": "green", "label": ""}


@pytest.fixture
def adas(ada: User, client: Client) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def olgas(operator: User, client: Client) -> Client:
    client.force_login(operator)
    return client


def save(browser: Client, at: str = TEA, **changes: str) -> Any:
    answer = browser.post(at, {**AS_IT_IS, **changes})
    memory.refresh()
    return answer


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_there_is_a_page_for_every_group(olgas: Client, language: str) -> None:
    olgas.cookies["django_language"] = language
    index = olgas.get(PAGES)
    for name in ("conversations", "widget", "assistant"):
        assert f"{PAGES}group/{name}/" in index.text
        assert olgas.get(f"{PAGES}group/{name}/").status_code == 200


def test_an_operator_sets_what_holds_for_everyone(olgas: Client, tenant: Tenant) -> None:
    answer = save(olgas, minutes="7", kind="black", sugar="on", wish__en="Enjoy")
    assert answer.status_code == 302
    found = current(TeaSettings, tenant)
    assert (found.minutes, found.kind, found.sugar) == (7, "black", True)
    assert (found.wish, found.cups) == ({"en": "Enjoy"}, 2)
    with all_tenants():
        assert {row.key for row in Setting.objects.all()} == {"minutes", "kind", "sugar", "wish"}


def test_an_operator_sets_what_holds_for_one_tenant(
    olgas: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    assert "Shop" in olgas.get(TEA).text
    save(olgas, f"{TEA}?tenant=shop", minutes="7")
    assert current(TeaSettings, tenant).minutes == 7
    assert current(TeaSettings, other_tenant).minutes == 3


def test_an_administrator_sets_his_companys_and_sees_no_others(
    adas: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    page = adas.get(f"{TEA}?tenant=neighbour")
    assert 'name="minutes"' in page.text
    assert 'name="cups"' not in page.text
    assert "Neighbour" not in page.text
    save(adas, f"{TEA}?tenant=neighbour", minutes="7", cups="9")
    assert current(TeaSettings, tenant).minutes == 7
    assert current(TeaSettings, other_tenant).minutes == 3
    assert current(TeaSettings, tenant).cups == 2


def test_a_group_that_leaves_an_administrator_no_choice_is_not_shown(adas: Client) -> None:
    assert "group/assistant/" not in adas.get(PAGES).text
    assert adas.get(f"{PAGES}group/assistant/").status_code == 404


def test_the_page_says_where_a_value_comes_from(
    adas: Client, olgas: Client, ada: User, operator: User
) -> None:
    olgas.force_login(operator)
    save(olgas, minutes="5")
    adas.force_login(ada)
    save(adas, minutes="8")
    page = " ".join(adas.get(TEA).text.split())
    for part in ("Default: <b>3</b>", "Installation: <b>5</b>", "Shop: <b>8</b>", "by ada"):
        assert part in page


def test_a_value_goes_back_to_what_is_above_it(adas: Client, tenant: Tenant) -> None:
    save(adas, minutes="8")
    assert 'name="reset" value="minutes"' in adas.get(TEA).text
    save(adas, reset="minutes")
    assert current(TeaSettings, tenant).minutes == 3
    assert 'name="reset"' not in adas.get(TEA).text


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": "-1"},
        {"minutes": "-1 minutes"},
        {"minutes": ""},
        {"kind": "red"},
        {"label": "x" * 21},
        {"wish__en": "x" * 301},
        {"reset": "nothing"},
    ],
)
def test_a_bad_value_is_shown_beside_its_input(olgas: Client, changes: dict[str, str]) -> None:
    answer = save(olgas, sugar="on", **changes)
    assert answer.status_code == 200
    assert "errors" in answer.text
    with all_tenants():
        assert not Setting.objects.exists()


def test_agents_and_strangers_get_no_page(client: Client, ben: User, ada: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_staff=True)
    client.force_login(ben)
    for at in (PAGES, TEA):
        assert client.get(at).status_code == 403
    client.force_login(ada)
    assert client.get(f"{PAGES}group/nothing/").status_code == 404
    assert client.get(f"{PAGES}1/change/").status_code == 404
    assert client.get(f"{PAGES}add/").status_code == 403


def test_a_page_costs_the_same_however_much_is_set(olgas: Client, tenant: Tenant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            olgas.get(f"{TEA}?tenant=shop")
        return len(queries)

    olgas.get(TEA)
    before = cost()
    save(olgas, minutes="7", kind="black", sugar="on")
    save(olgas, f"{TEA}?tenant=shop", minutes="8")
    assert cost() == before <= 5
