from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatbot.assistant.providers.models import ModelCall, ModelDay, Provider
from chatbot.assistant.providers.retention import remove_old_calls
from chatbot.assistant.providers.tests.factories import calls, connect
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel import retention
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from tests.model_server import ModelServer
from tests.processes import wait_until

ADDRESS = "/admin/providers/provider/"
FORM = {
    "name": "Ours",
    "base_url": "https://models.example.com/v1",
    "model": "m-1",
    "api_key": "secret-key-1",
    "use": "answers",
    "position": "10",
    "is_enabled": "on",
    "can_use_tools": "on",
    "context_window": "16000",
    "connect_timeout": "5",
    "first_token_timeout": "15",
    "timeout": "45",
    "input_price": "2",
    "output_price": "8",
    "currency": "CNY",
}


@pytest.fixture
def browser(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def operators(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def the_row() -> Provider:
    with all_tenants():
        found: Provider = Provider.objects.get()
    return found


@pytest.mark.django_db
def test_a_provider_is_added_for_ones_own_tenant(browser: Client, tenant: Tenant) -> None:
    answer = browser.post(f"{ADDRESS}add/", FORM)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = the_row()
    assert (row.tenant, row.api_key, row.input_price) == (tenant, "secret-key-1", Decimal(2))
    with all_tenants():
        line = AuditEntry.objects.get(action="provider.create")
    assert "secret-key-1" not in str(line.after)


@pytest.mark.django_db
def test_an_operators_provider_is_everybodys(operators: Client) -> None:
    answer = operators.post(f"{ADDRESS}add/", FORM)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert the_row().tenant is None


@pytest.mark.django_db
def test_the_key_is_never_shown_and_kept_where_none_is_given(browser: Client) -> None:
    browser.post(f"{ADDRESS}add/", FORM)
    page = f"{ADDRESS}{the_row().pk}/change/"
    assert b"secret-key-1" not in browser.get(page).content
    browser.post(page, {**FORM, "api_key": "", "name": "Renamed"})
    assert (the_row().name, the_row().api_key) == ("Renamed", "secret-key-1")
    browser.post(page, {**FORM, "api_key": "", "forget_key": "on"})
    assert the_row().api_key == ""


@pytest.mark.django_db
def test_what_belongs_to_everybody_is_not_a_tenants_to_see(browser: Client) -> None:
    row = connect(ModelServer(), base_url="http://10.0.0.1/v1")
    assert b"10.0.0.1" not in browser.get(ADDRESS).content
    assert browser.get(f"{ADDRESS}{row.pk}/change/").status_code == 404
    assert browser.post(f"{ADDRESS}{row.pk}/test/").status_code == 404


@pytest.mark.django_db
def test_prices_are_not_negative(browser: Client) -> None:
    answer = browser.post(f"{ADDRESS}add/", {**FORM, "input_price": "-1"})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("plays", "told"),
    [
        ("fine", "It works"),
        ("wrong_key", "the key was refused"),
        ("failing", "error of the server"),
        ("late", "no word in time"),
        ("cut", "broke off"),
    ],
)
def test_the_test_says_in_words_what_is_wrong(
    plays: str, told: str, operators: Client, server: ModelServer
) -> None:
    server.plays(plays)
    row = connect(server, first_token_timeout=0.3)
    operators.post(f"{ADDRESS}{row.pk}/test/")
    wait_until(lambda: the_row().test_result["state"] != "running", what="the result")
    assert told in operators.get(f"{ADDRESS}{row.pk}/test/").content.decode()
    assert told in operators.get(f"{ADDRESS}{row.pk}/change/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_embedding_endpoint_is_tested_by_embedding(
    operators: Client, server: ModelServer
) -> None:
    row = connect(server, use="embeddings")
    operators.post(f"{ADDRESS}{row.pk}/test/")
    wait_until(lambda: the_row().test_result["state"] == "ok", what="the result")
    assert the_row().test_result["dimensions"] == 64


def a_call(tenant: Tenant, **values: Any) -> ModelCall:
    defaults = {
        "provider_name": "Ours",
        "model": "m-1",
        "purpose": "answer",
        "status": "ok",
        "tokens_in": 100,
        "tokens_out": 20,
        "cost": Decimal("0.0004"),
        "currency": "CNY",
    }
    with all_tenants():
        row: ModelCall = ModelCall.objects.create(tenant=tenant, **{**defaults, **values})
    return row


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["modelcall/", "modelcall/sums/", "provider/"])
def test_the_lists_cost_the_same_for_one_row_and_for_twenty(
    path: str, browser: Client, tenant: Tenant
) -> None:
    address = f"/admin/providers/{path}"
    row = connect(ModelServer(), tenant)
    a_call(tenant, provider=row)
    queries_of(browser, address)
    with_one = queries_of(browser, address)
    for number in range(19):
        a_call(tenant, provider=row, provider_name=f"P{number}")
        connect(ModelServer(), tenant)
    assert queries_of(browser, address) == with_one


def queries_of(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


@pytest.mark.django_db
def test_sums_are_by_day_and_provider_and_of_ones_own_tenant(
    browser: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    for _ in range(3):
        a_call(tenant)
    a_call(tenant, status="broken", cost=0)
    a_call(other_tenant, cost=Decimal(77))
    answer = browser.get("/admin/providers/modelcall/sums/")
    (line,) = answer.context["sums"]
    assert (line.calls, line.failed, line.tokens_in) == (4, 1, 400)
    assert answer.context["totals"] == {"CNY": Decimal("0.0012")}
    assert len(calls()) == 5


@pytest.mark.django_db
def test_what_calls_took_is_known_when_their_rows_are_gone(
    browser: Client, tenant: Tenant, other_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)  # a day's calls go in several
    old = [a_call(tenant), a_call(tenant), a_call(tenant, status="broken")]
    age([*old, a_call(other_tenant, cost=Decimal(77))], days=95)
    before = sums(browser)
    age([a_call(tenant)], days=1)
    assert remove_old_calls() == 4
    a_call(tenant)
    age([a_call(tenant)], days=95)  # a day that has an account by now
    assert remove_old_calls() == 1
    assert len(calls()) == 2
    (today, yesterday, long_ago) = sums(browser)
    assert (today.calls, yesterday.calls) == (1, 1)
    assert (long_ago.calls, long_ago.failed, long_ago.tokens_in) == (4, 1, 400)
    assert long_ago.cost == before[0].cost + Decimal("0.0004")


def sums(browser: Client) -> list[ModelDay]:
    answer = browser.get("/admin/providers/modelcall/sums/?days=365")
    found: list[ModelDay] = answer.context["sums"]
    return found


def age(rows: list[ModelCall], *, days: int) -> None:
    with all_tenants():
        then = timezone.now() - timedelta(days=days)
        ModelCall.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=then)


@pytest.mark.django_db
def test_nothing_asked_is_said(browser: Client) -> None:
    answer = browser.get("/admin/providers/modelcall/sums/?days=nonsense")
    assert "No model was asked" in answer.content.decode()
