import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_without_a_token_set_everyone_who_gets_here_reads_the_numbers(client: Client) -> None:
    assert b"django_http_requests" in client.get("/metrics").content


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer s3cre", "Basic s3cret", "Bearer s3cret\u00e9"]
)
def test_a_wrong_token_reads_nothing(client: Client, settings: Settings, given: str) -> None:
    settings.METRICS_TOKEN = "s3cret"
    refused = client.get("/metrics", headers={"authorization": given})
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    assert b"django_http_requests" not in refused.content


def test_the_token_opens(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "s3cret"
    answer = client.get("/metrics", headers={"authorization": "Bearer s3cret"})
    assert answer.status_code == 200
