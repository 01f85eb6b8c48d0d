import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from chatplatform.kernel.tests.urls import SECRET

pytestmark = pytest.mark.urls("chatplatform.kernel.tests.urls")


@pytest.fixture(params=[True, False], ids=["debug", "production"])
def either_mode(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.DEBUG = request.param


@pytest.fixture
def quiet_client() -> Client:
    """Shows the response to a bug instead of raising it."""
    return Client(raise_request_exception=False)


def problem(response: Any) -> dict[str, Any]:
    assert response.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(response.content)
    assert document["status"] == response.status_code
    assert document["type"] == "about:blank"
    assert document["title"]
    assert document["detail"]
    assert document["request_id"] == response.headers["X-Request-ID"]
    return document


def test_an_application_error_keeps_its_code_detail_and_extra_members(client: Client) -> None:
    document = problem(client.get("/api/v1/failing/conflict"))
    assert (document["status"], document["code"]) == (409, "taken")
    assert document["detail"] == "Bob has it."
    assert document["session"] == {"status": "active"}


def test_a_401_names_the_way_to_authenticate(client: Client) -> None:
    response = client.get("/api/v1/failing/signed-out")
    assert problem(response)["code"] == "not_authenticated"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_throttled_caller_is_told_when_to_come_back(client: Client) -> None:
    response = client.get("/api/v1/failing/throttled")
    assert problem(response)["code"] == "too_many_requests"
    assert response.headers["Retry-After"] == "3"


def test_errors_of_a_serializer_are_listed_by_field(client: Client) -> None:
    document = problem(client.get("/api/v1/failing/serializer"))
    assert document["errors"] == [{"field": "name", "code": "invalid", "message": "too silly"}]


@pytest.mark.usefixtures("either_mode")
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/failing/django-404", 404, "not_found"),
        ("/api/v1/failing/django-403", 403, "permission_refused"),
        ("/api/v1/failing/suspicious", 400, "bad_request"),
        ("/api/v1/failing/bug", 500, "server_error"),
        ("/api/v1/plain-django?kind=bug", 500, "server_error"),
        ("/api/v1/plain-django?kind=django-404", 404, "not_found"),
        ("/api/v1/plain-django?kind=conflict", 409, "taken"),
        ("/api/v1/no-such-endpoint", 404, "not_found"),
        ("/_allauth/no/such", 404, "not_found"),
    ],
)
def test_no_error_of_the_api_is_a_page_or_says_more_than_it_should(
    quiet_client: Client, path: str, status: int, code: str
) -> None:
    response = quiet_client.get(path)
    document = problem(response)
    assert (document["status"], document["code"]) == (status, code)
    assert SECRET.encode() not in response.content
    assert b"secret_table" not in response.content
    assert b"Traceback" not in response.content


@pytest.mark.usefixtures("either_mode")
def test_a_forged_host_gets_a_problem_too(quiet_client: Client) -> None:
    response = quiet_client.get("/api/v1/window", headers={"host": "evil.example"})
    assert problem(response)["status"] == 400


def test_method_and_media_type_are_refused_in_the_same_shape(client: Client) -> None:
    response = client.get("/api/v1/notes")
    assert problem(response)["code"] == "method_not_allowed"
    assert "POST" in response.headers["Allow"]
    form = client.post("/api/v1/notes", {"text": "hello"})
    assert problem(form)["code"] == "unsupported_media_type"
    picky = client.get("/api/v1/window", headers={"accept": "image/png"})
    assert problem(picky)["code"] == "not_acceptable"


def test_problems_speak_the_readers_language(client: Client) -> None:
    english = client.get("/api/v1/nothing", headers={"accept-language": "en"})
    assert problem(english)["title"] == "There is no such thing."
    assert english.headers["Content-Language"] == "en"
    chinese = client.get("/api/v1/nothing", headers={"accept-language": "zh-CN"})
    assert chinese.headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("django-404", 404, "There is nothing here"),
        ("django-403", 403, "You may not see this"),
        ("suspicious", 400, "We can&#x27;t understand this request"),
        ("bug", 500, "Something went wrong on our side"),
        ("conflict", 409, "Bob has it."),
    ],
)
def test_people_get_a_page_with_the_number_to_name(
    quiet_client: Client, kind: str, status: int, sentence: str
) -> None:
    response = quiet_client.get(f"/page?kind={kind}")
    assert response.status_code == status
    page = response.content.decode().replace("can't", "can&#x27;t")
    assert sentence in page
    assert response.headers["X-Request-ID"] in page
    assert SECRET not in page
