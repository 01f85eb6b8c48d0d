"""Refresh tokens turn over, and one that is used twice ends its session."""

import json
import time
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import PASSWORD
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]

V1 = "/_allauth/app/v1"


def sign_in(username: str = "ben") -> dict[str, str]:
    answer = post("auth/login", {"username": username, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    meta: dict[str, str] = answer.json()["meta"]
    return meta


def post(path: str, body: dict[str, Any]) -> Any:
    return Client().post(f"{V1}/{path}", json.dumps(body), content_type="application/json")


def refresh(token: str) -> Any:
    return post("tokens/refresh", {"refresh_token": token})


def works(access_token: str) -> bool:
    headers = {"authorization": f"Bearer {access_token}"}
    return Client().get("/api/v1/sight", headers=headers).status_code == 200


def test_a_refresh_token_is_worth_a_new_pair_once(ben: User) -> None:
    first = sign_in()
    answer = refresh(first["refresh_token"])
    assert answer.status_code == 200
    second = answer.json()["data"]
    assert second["refresh_token"] != first["refresh_token"]
    assert works(second["access_token"])
    assert refresh(second["refresh_token"]).status_code == 200


def test_a_spent_refresh_token_ends_the_session_for_thief_and_owner(
    ben: User, tenant: Tenant
) -> None:
    elsewhere = sign_in()
    first = sign_in()
    second = refresh(first["refresh_token"]).json()["data"]
    assert refresh(first["refresh_token"]).status_code == 400
    assert not works(first["access_token"])
    assert not works(second["access_token"])
    assert refresh(second["refresh_token"]).status_code == 400
    assert works(elsewhere["access_token"]), "her other session goes on"
    with tenant_scope(tenant):
        assert AuditEntry.objects.filter(action="user.sign_out", target_id="ben").exists()


def test_logout_ends_both_tokens_at_once(ben: User) -> None:
    tokens = sign_in()
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    Client().delete(f"{V1}/auth/session", headers=headers)
    assert not works(tokens["access_token"])
    assert refresh(tokens["refresh_token"]).status_code == 400


def forged(token: str) -> dict[str, str]:
    claims = jwt.decode(token, options={"verify_signature": False})
    key = settings.HEADLESS_JWT_PRIVATE_KEY
    head, body, signature = token.split(".")
    return {
        "tampered": f"{head}.{body[:-2]}AA.{signature}",
        "alg=none": jwt.encode(claims, "", "none"),
        "another key": jwt.encode(claims, "x" * 64),
        "expired": jwt.encode({**claims, "exp": int(time.time()) - 1}, key),
        "an access token": jwt.encode({**claims, "token_use": "access"}, key),
        "somebody else's": jwt.encode({**claims, "sub": "999"}, key),
        "no session": jwt.encode({**claims, "sid": "AAAA"}, key),
    }


def test_a_forged_refresh_token_is_refused_and_ends_nothing(ben: User) -> None:
    tokens = sign_in()
    for kind, token in forged(tokens["refresh_token"]).items():
        assert refresh(token).status_code == 400, kind
    assert works(tokens["access_token"])
    assert refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("body", [{}, {"refresh_token": ""}, {"refresh_token": 1}, {"x": "\0"}])
def test_a_refresh_without_a_token_is_a_400(db: None, body: dict[str, Any]) -> None:
    assert post("tokens/refresh", body).status_code == 400
