from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatplatform.accounts.models import User
from chatplatform.dictionaries.models import DictionaryItem, DictionaryType
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

REASONS = "/api/v1/dictionaries/close_reason"


@pytest.fixture
def bens(ben: User, client: Client) -> Client:
    client.force_login(ben)
    return client


def made(tenant: Tenant, code: str = "size") -> DictionaryType:
    with all_tenants():
        new: DictionaryType = DictionaryType.objects.create(
            tenant=tenant, code=code, name_zh_hans="尺寸", name_en="Sizes"
        )
        DictionaryItem.objects.create(
            type=new, value="s", label_zh_hans="小", label_en="Small", enabled=False
        )
    return new


def test_a_dictionary_comes_in_every_language_and_the_readers(bens: Client, tenant: Tenant) -> None:
    made(tenant)
    answer = bens.get("/api/v1/dictionaries/size", headers={"Accept-Language": "zh-CN"})
    assert answer.json() == {
        "code": "size",
        "name": "尺寸",
        "names": {"zh-hans": "尺寸", "en": "Sizes"},
        "system": False,
        "own": True,
        "items": [
            {
                "value": "s",
                "label": "小",
                "labels": {"zh-hans": "小", "en": "Small"},
                "color": "",
                "default": False,
                "enabled": False,
            }
        ],
    }


def test_the_list_names_the_companys_own_and_the_platforms(
    bens: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    made(tenant)
    made(other_tenant, "colour")
    results = bens.get("/api/v1/dictionaries").json()["results"]
    assert [each["code"] for each in results] == ["close_reason", "contact_reason", "size", "tag"]
    assert bens.get("/api/v1/dictionaries/colour").status_code == 404


@pytest.mark.parametrize("at", ["/api/v1/dictionaries", REASONS, "/api/v1/errors"])
def test_what_is_known_is_not_sent_again(bens: Client, at: str) -> None:
    first = bens.get(at, headers={"Accept-Language": "en"})
    etag = first["ETag"]
    again = bens.get(at, headers={"Accept-Language": "en", "If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert bens.get(at, headers={"If-None-Match": '"other"'}).status_code == 200
    assert "private" in first["Cache-Control"]


def test_another_language_and_a_change_are_sent(bens: Client) -> None:
    etag = bens.get(REASONS, headers={"Accept-Language": "en"})["ETag"]
    asked = {"Accept-Language": "zh-CN", "If-None-Match": etag}
    assert bens.get(REASONS, headers=asked).status_code == 200
    with all_tenants():
        DictionaryItem.objects.filter(value="solved").update(label_en="Done")
    asked["Accept-Language"] = "en"
    changed = bens.get(REASONS, headers=asked)
    assert changed.status_code == 200
    assert changed.json()["items"][0]["label"] == "Done"


def test_asking_costs_the_same_however_much_there_is(bens: Client, tenant: Tenant) -> None:
    def cost(at: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            bens.get(at)
        return len(queries)

    few = [cost(at) for at in (REASONS, "/api/v1/dictionaries")]
    for number in range(5):
        made(tenant, f"size_{number}")
    assert [cost(at) for at in (REASONS, "/api/v1/dictionaries")] == few


@pytest.mark.parametrize("at", ["/api/v1/dictionaries", REASONS, "/api/v1/errors"])
@pytest.mark.django_db
def test_nobody_reads_them_without_signing_in(client: Client, at: str) -> None:
    assert client.get(at).status_code == 401


def test_every_error_code_is_told_with_status_and_titles(bens: Client) -> None:
    results = bens.get("/api/v1/errors").json()["results"]
    told: dict[str, Any] = {each["code"]: each for each in results}
    assert told["state_conflict"]["status"] == 409
    assert told["not_json"]["status"] is None
    assert set(told["not_found"]["titles"]) == {"en", "zh-hans"}
    assert told["not_found"]["titles"]["en"] == "There is no such thing."
    assert told["not_found"]["titles"]["zh-hans"] != "There is no such thing."
    assert told["too_many_requests"]["hints"]["en"].startswith("Wait as many seconds")
