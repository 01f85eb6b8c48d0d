from typing import Any

import pytest
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.configuration import memory
from chatplatform.configuration.selectors import current
from chatplatform.configuration.tests.groups import TeaSettings
from chatplatform.tenants.models import Tenant

TEA = "/api/v1/settings/tea"


@pytest.fixture
def ada(tenant: Tenant) -> User:
    made: User = UserFactory.create(username="ada", tenant=tenant, role="administrator")
    return made


@pytest.fixture
def olga(db: None) -> User:
    made: User = UserFactory.create(username="olga", tenant=None, is_superuser=True)
    return made


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def change(browser: Client, at: str = TEA, **values: Any) -> Any:
    answer = browser.patch(at, values, content_type="application/json")
    memory.refresh()
    return answer


def setting(answer: Any, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in answer.json()["settings"] if each["key"] == key)
    return found


def test_a_group_says_what_holds_and_what_may_be_set(olga: User) -> None:
    answer = signed_in(olga).get(TEA)
    assert (answer.status_code, answer.json()["tenant"]) == (200, None)
    minutes = setting(answer, "minutes")
    assert minutes["limits"] == {"type": "integer", "minimum": 0, "maximum": 60}
    assert (minutes["value"], minutes["default"], minutes["own"]) == (3, 3, None)
    assert setting(answer, "kind")["limits"]["enum"] == ["green", "black"]


def test_an_operator_changes_the_installations_and_a_tenants(olga: User, tenant: Tenant) -> None:
    browser = signed_in(olga)
    assert change(browser, minutes=5).status_code == 200
    answer = change(browser, f"{TEA}?tenant=shop", minutes=8)
    minutes = setting(answer, "minutes")
    assert (minutes["installation"], minutes["own"], minutes["value"]) == (5, 8, 8)
    assert minutes["changed_by"] == "olga"
    assert (current(TeaSettings).minutes, current(TeaSettings, tenant).minutes) == (5, 8)
    assert change(browser, f"{TEA}?tenant=shop", minutes=None).json()["tenant"] == "shop"
    assert current(TeaSettings, tenant).minutes == 5


def test_an_administrator_changes_his_companys_whomever_he_names(
    ada: User, tenant: Tenant, other_tenant: Tenant
) -> None:
    answer = change(signed_in(ada), f"{TEA}?tenant=neighbour", minutes=8)
    assert (answer.status_code, answer.json()["tenant"]) == (200, "shop")
    assert [each["key"] for each in answer.json()["settings"]] == [
        "minutes",
        "sugar",
        "kind",
        "label",
        "wish",
    ]
    assert current(TeaSettings, other_tenant).minutes == 3


@pytest.mark.parametrize(
    ("values", "field"),
    [({"minutes": -1}, "minutes"), ({"minutes": "-1 minutes"}, "minutes"), ({"cups": 3}, "cups")],
)
def test_a_bad_value_is_400_by_its_name(ada: User, values: dict[str, Any], field: str) -> None:
    answer = change(signed_in(ada), **values)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("body", ["[]", "7", '"x"', "{"])
def test_a_body_that_is_no_object_is_400(ada: User, body: str) -> None:
    answer = signed_in(ada).patch(TEA, body, content_type="application/json")
    assert answer.status_code == 400


def test_who_may_not_is_refused(ben: User, olga: User, tenant: Tenant) -> None:
    for at in (TEA, "/api/v1/settings"):
        assert Client().get(at).status_code == 401
        assert signed_in(ben).get(at).status_code == 403
    assert change(signed_in(ben), minutes=8).status_code == 403
    for at in ("/api/v1/settings/nothing", f"{TEA}?tenant=nobody", f"{TEA}?tenant=%00"):
        assert signed_in(olga).get(at).status_code == 404


def test_an_administrator_sees_the_groups_that_leave_him_a_choice(ada: User, olga: User) -> None:
    def names(user: User) -> set[str]:
        answer = signed_in(user).get("/api/v1/settings")
        return {group["name"] for group in answer.json()["results"]}

    assert {"conversations", "widget"} <= names(ada)
    assert names(olga) - names(ada) >= {"assistant"}
