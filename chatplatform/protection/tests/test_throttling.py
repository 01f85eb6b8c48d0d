from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from chatplatform.kernel.errors import TooManyRequests
from chatplatform.protection import throttling
from chatplatform.protection.throttling import Rule
from realtime.streams import Refused


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything is allowed once a minute, three times at once, and nothing was done yet."""
    monkeypatch.setattr(throttling, "_per_minute", lambda rule: 1)
    throttling.limiter.clear()
    yield
    throttling.limiter.clear()


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["chatbot", "workbench"])
def test_an_address_that_asks_too_often_is_told_when_to_come_back(
    client: Client, settings: Settings, door: str
) -> None:
    settings.ROOT_URLCONF = f"chatplatform.urls.{door}"
    for _ in range(3):
        assert client.get("/api/v1/nowhere").status_code == 404
    refused = client.get("/api/v1/nowhere")
    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_requests"
    assert 55 <= int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["X-Request-ID"]


@pytest.mark.django_db
def test_a_person_in_a_browser_reads_a_page(client: Client) -> None:
    for _ in range(3):
        client.get("/accounts/login/")
    refused = client.get("/accounts/login/")
    assert (refused.status_code, refused["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert int(refused["Retry-After"]) > 0


@pytest.mark.django_db
def test_probes_and_other_addresses_are_let_in(client: Client) -> None:
    for _ in range(9):
        client.get("/accounts/login/")
    assert client.get("/healthz").status_code == 200
    assert client.get("/accounts/login/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_stream_is_refused_before_it_starts() -> None:
    scope = {"client": ("192.0.2.7", 4711), "headers": []}
    for _ in range(3):
        throttling.spend_of_stream(scope)
    with pytest.raises(Refused) as refused:
        throttling.spend_of_stream(scope)
    assert (refused.value.status, refused.value.code) == (429, "too_many_requests")
    assert 55 <= (refused.value.retry_after or 0) <= 60


def test_a_network_of_ipv6_is_one_caller() -> None:
    def caller(address: str) -> str:
        return throttling.caller(RequestFactory().get("/", REMOTE_ADDR=address))

    assert caller("2001:db8:1:2::1") == caller("2001:db8:1:2:ffff::9")
    assert caller("2001:db8:1:2::1") != caller("2001:db8:1:3::1")
    assert caller("192.0.2.7") != caller("192.0.2.8")


def test_of_a_plan_without_requests_none_is_let_in() -> None:
    with pytest.raises(TooManyRequests):
        throttling.spend_of_tenant("shop", 0)
    for _ in range(5):
        throttling.spend_of_tenant("shop", 5)
    with pytest.raises(TooManyRequests):
        throttling.spend_of_tenant("shop", 5)
    throttling.spend_of_tenant("other", 5)


def test_every_rule_has_a_rate_and_a_setting() -> None:
    from chatplatform.runtime_settings import ThrottleSettings

    rules = {rule.value for rule in Rule} - {Rule.TENANT}
    assert rules == set(throttling.PER_MINUTE) == set(ThrottleSettings.model_fields)
