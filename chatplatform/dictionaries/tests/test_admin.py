from typing import Any

import pytest
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.dictionaries.models import DictionaryType
from chatplatform.dictionaries.selectors import choices, dictionary, items_of
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

LIST = "/admin/dictionaries/dictionarytype/"


@pytest.fixture
def adas(ada: User, client: Client) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def olgas(operator: User, client: Client) -> Client:
    client.force_login(operator)
    return client


def form(*rows: dict[str, Any], **fields: str) -> dict[str, Any]:
    """What the page of a list sends: the list, and its items row by row."""
    known = len([row for row in rows if row.get("id")])
    sent: dict[str, Any] = {"code": "size", "name_zh_hans": "尺寸", "name_en": "Sizes", **fields}
    sent |= {"items-TOTAL_FORMS": str(len(rows)), "items-INITIAL_FORMS": str(known)}
    for number, row in enumerate(rows):
        full = {"label_zh_hans": "小", "label_en": "Small", "sort": str(number), **row}
        sent |= {f"items-{number}-{name}": value for name, value in full.items()}
    return sent


def test_an_administrator_makes_his_companys_list(adas: Client, tenant: Tenant) -> None:
    rows = ({"value": "s", "enabled": "on", "default": "on"}, {"value": "m", "enabled": "on"})
    answer = adas.post(f"{LIST}add/", form(*rows))
    assert answer.status_code == 302, answer.context["errors"]
    made = dictionary(tenant, "size")
    assert (made.tenant, made.system) == (tenant, False)
    assert [(item.value, item.default) for item in items_of(made)] == [("s", True), ("m", False)]


def test_the_default_moves_from_one_row_to_another(adas: Client, tenant: Tenant) -> None:
    adas.post(
        f"{LIST}add/",
        form({"value": "s", "enabled": "on", "default": "on"}, {"value": "m", "enabled": "on"}),
    )
    made = dictionary(tenant, "size")
    small, middle = (str(item.pk) for item in items_of(made))
    kept = {"type": str(made.pk), "enabled": "on"}
    rows = (
        {"id": small, "value": "s", **kept},
        {"id": middle, "value": "m", "default": "on", **kept},
    )
    assert adas.post(f"{LIST}{made.pk}/change/", form(*rows)).status_code == 302
    assert [item.value for item in choices(tenant, "size") if item.default] == ["m"]


@pytest.mark.parametrize(
    "rows",
    [
        ({"value": "s", "enabled": "on"}, {"value": "s", "enabled": "on"}),
        (
            {"value": "s", "enabled": "on", "default": "on"},
            {"value": "m", "enabled": "on", "default": "on"},
        ),
        ({"value": "s", "default": "on"},),
        ({"value": "a b", "enabled": "on"},),
        ({"value": "s", "enabled": "on", "color": "red"},),
    ],
    ids=["value twice", "two defaults", "default that is off", "bad value", "bad colour"],
)
def test_a_bad_row_is_shown_and_nothing_is_kept(adas: Client, rows: Any) -> None:
    answer = adas.post(f"{LIST}add/", form(*rows))
    assert (answer.status_code, bool(answer.context["errors"])) == (200, True)
    with all_tenants():
        assert not DictionaryType.objects.filter(code="size").exists()


def test_a_code_that_is_taken_is_shown_beside_it(adas: Client) -> None:
    assert adas.post(f"{LIST}add/", form()).status_code == 302
    answer = adas.post(f"{LIST}add/", form())
    assert answer.context["adminform"].form.errors["code"]


def test_an_administrator_reads_everyones_lists_and_changes_them_not(
    adas: Client, operator: User
) -> None:
    reasons = dictionary(None, "close_reason")
    page = adas.get(f"{LIST}{reasons.pk}/change/")
    assert page.status_code == 200
    assert "solved" in page.text
    assert 'name="_save"' not in page.text
    assert adas.post(f"{LIST}{reasons.pk}/change/", form()).status_code == 403
    assert adas.post(f"{LIST}{reasons.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_administrator_makes_his_own_of_everyones(adas: Client, tenant: Tenant) -> None:
    reasons = dictionary(None, "close_reason")
    for _ in range(2):  # the second time it is there
        adas.post(LIST, {"action": "make_own", "_selected_action": [str(reasons.pk)]})
    own = dictionary(tenant, "close_reason")
    assert own.tenant == tenant
    assert len(items_of(own)) == len(items_of(dictionary(None, "close_reason")))


def test_an_operator_changes_everyones_lists_and_keeps_the_platforms(olgas: Client) -> None:
    reasons = dictionary(None, "close_reason")
    solved = items_of(reasons)[0]
    row = {"id": str(solved.pk), "type": str(reasons.pk), "value": "solved", "label_en": "Done"}
    sent = form({**row, "enabled": "on"}, name_en="Why it was closed")
    assert olgas.post(f"{LIST}{reasons.pk}/change/", sent).status_code == 302
    again = dictionary(None, "close_reason")
    assert (again.name_en, items_of(again)[0].label_en) == ("Why it was closed", "Done")
    assert olgas.post(f"{LIST}{reasons.pk}/delete/", {"post": "yes"}).status_code == 403


def test_another_companys_list_is_not_there(adas: Client, other_tenant: Tenant) -> None:
    with all_tenants():
        theirs = DictionaryType.objects.create(
            tenant=other_tenant, code="size", name_zh_hans="尺寸", name_en="Their sizes"
        )
    assert "Their sizes" not in adas.get(LIST).text
    assert adas.get(f"{LIST}{theirs.pk}/change/").status_code == 404
    assert "Their sizes" not in adas.get(f"{LIST}{theirs.pk}/change/", follow=True).text
