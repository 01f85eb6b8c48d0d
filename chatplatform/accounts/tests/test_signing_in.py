import json
import time
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import PASSWORD
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]

LOGIN = "/_allauth/app/v1/auth/login"


def log_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    body = {"username": username, "password": password}
    return client.post(LOGIN, json.dumps(body), content_type="application/json")


def token_of(user: User) -> str:
    response = log_in(Client(), user.username)
    assert response.status_code == 200, response.content
    token: str = response.json()["meta"]["access_token"]
    return token


def ask(client: Client, token: str) -> Any:
    return client.get("/api/v1/sight", headers={"authorization": f"Bearer {token}"})


def test_an_access_token_opens_the_api(client: Client, ben: User) -> None:
    response = ask(client, token_of(ben))
    assert (response.status_code, response.json()["user"]) == (200, "ben")


@pytest.mark.parametrize(("username", "password"), [("ben", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: Client, ben: User, username: str, password: str
) -> None:
    response = log_in(client, username, password)
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "username_password_mismatch"
    assert "access_token" not in response.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b'{"username": 1}', b"\xff", b'{"username":"\\u0000"}', b"[" * 9999),
        b'{"username": "\\ud800", "password": "x"}',
        b'{"username": "ben", "password": "\\ud800"}',
        b'{"username": "%s", "password": "x"}' % (b"a" * 60_000),
    ],
    ids=lambda body: repr(body[:36]),
)
def test_a_login_that_makes_no_sense_is_a_400(client: Client, body: bytes) -> None:
    response = client.post(LOGIN, body, content_type="application/json")
    assert response.status_code == 400
    json.loads(response.content)


def _signed(claims: dict[str, Any], key: str, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def _forgeries(good: str) -> dict[str, str]:
    claims = jwt.decode(good, options={"verify_signature": False})
    key = settings.HEADLESS_JWT_PRIVATE_KEY
    return {
        "rubbish": "rubbish",
        "cut": good[:-4],
        "other key": _signed(claims, "x" * 40),
        "django's own key": _signed(claims, settings.SECRET_KEY),
        "no signature": _signed(claims, "", "none"),
        "expired": _signed({**claims, "exp": int(time.time()) - 1}, key),
        "refresh token": _signed({**claims, "token_use": "refresh"}, key),
        "no session": _signed({k: v for k, v in claims.items() if k != "sid"}, key),
        "other user": _signed({**claims, "sub": "999"}, key),
    }


def test_a_forged_token_is_a_401_that_says_how_to_do_better(client: Client, ben: User) -> None:
    for kind, token in _forgeries(token_of(ben)).items():
        response = ask(client, token)
        assert response.status_code == 401, kind
        assert response.json()["code"] == "not_authenticated", kind
        assert response.headers["WWW-Authenticate"].startswith("Bearer"), kind


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer \xff", "Basic Og==", ""])
def test_an_odd_authorization_header_is_a_401(client: Client, header: str, db: None) -> None:
    response = client.get("/api/v1/sight", headers={"authorization": header})
    assert response.status_code == 401


def test_a_token_ends_with_logout(client: Client, ben: User) -> None:
    token = token_of(ben)
    bearer = {"authorization": f"Bearer {token}"}
    client.delete("/_allauth/app/v1/auth/session", headers=bearer)
    assert ask(client, token).status_code == 401


def test_a_disabled_users_token_and_session_end_at_once(client: Client, ben: User) -> None:
    token = token_of(ben)
    client.login(username="ben", password=PASSWORD)
    assert client.get("/api/v1/sight").status_code == 200
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert ask(Client(), token).status_code == 401
    assert client.get("/api/v1/sight").status_code == 401
    assert log_in(Client(), "ben").status_code != 200


def test_nobody_of_a_suspended_tenant_gets_in(client: Client, ben: User, sam: User) -> None:
    token = token_of(ben)
    Tenant.objects.filter(slug="shop").update(status=Tenant.Status.SUSPENDED)
    assert ask(client, token).status_code == 401
    assert log_in(client, "ben").status_code != 200
    assert ask(client, token_of(sam)).status_code == 200


def test_a_new_password_ends_the_old_tokens(client: Client, ben: User) -> None:
    token = token_of(ben)
    ben.set_password("another-pass-1234")
    ben.save()
    assert ask(client, token).status_code == 401


def test_a_session_writes_only_with_its_csrf_token(ben: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ben)
    assert client.get("/api/v1/sight").status_code == 200
    response = client.post("/api/v1/sight")
    assert (response.status_code, response.json()["code"]) == (403, "permission_refused")


def test_a_signed_in_call_asks_for_session_and_user_only(
    client: Client, ben: User, django_assert_num_queries: Any
) -> None:
    token = token_of(ben)
    with django_assert_num_queries(3):  # session, user with tenant, the rows
        ask(client, token)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/password/reset/",
        "/accounts/password/set/",
        "/accounts/login/code/",
        "/accounts/confirm-email/",
        "/accounts/",
    ],
)
def test_pages_that_need_e_mail_are_closed(client: Client, ben: User, path: str) -> None:
    assert client.get(path).status_code == 404
    client.force_login(ben)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "call", ["auth/signup", "auth/password/request", "auth/code/request", "account/email"]
)
def test_calls_that_need_e_mail_are_closed(client: Client, db: None, call: str) -> None:
    body = json.dumps({"email": "a@b.example", "username": "eve", "password": PASSWORD})
    response = client.post(f"/_allauth/app/v1/{call}", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert not User.objects.filter(username="eve").exists()


def test_nobody_signs_up_on_the_page(client: Client, db: None) -> None:
    form = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", form)
    assert not User.objects.filter(username="eve").exists()


def test_login_does_not_send_people_to_another_site(client: Client, ben: User) -> None:
    form = {"login": "ben", "password": PASSWORD}
    response = client.post("/accounts/login/?next=https://evil.example/", form)
    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_the_admin_has_no_login_of_its_own(client: Client, db: None) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    response = client.post("/admin/login/", {"username": "ada", "password": PASSWORD})
    assert response.headers["Location"].startswith("/accounts/login/")
