"""The second factor, on pages and in the API; wrong codes count like wrong passwords."""

import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from cryptography.fernet import Fernet
from django.test import Client
from pytest_django import Settings

from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in.factor_secrets import FactorSecrets
from chatplatform.accounts.signing_in.login_log import LoginLog
from chatplatform.accounts.tests.factories import PASSWORD
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.protection.encryption import WrongEncryptionKey
from chatplatform.protection.rotation import rotate
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]

V1 = "/_allauth/app/v1"
FORM = {"login": "ben", "password": PASSWORD}


@pytest.fixture
def secret(ben: User) -> str:
    """Ben has an app that makes codes from it."""
    made: str = generate_totp_secret()
    TOTP.activate(ben, made)
    return made


def code_of(secret: str) -> str:
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return code


def wrong(secret: str) -> str:
    return f"{(int(code_of(secret)) + 1) % 1_000_000:06}"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def at_second_step(client: Client) -> Client:
    answer = client.post("/accounts/login/", FORM)
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    return client


def enter(client: Client, code: str) -> Any:
    return client.post("/accounts/2fa/authenticate/", {"code": code})


def sign_in_and_confirm(client: Client) -> None:
    """Signed in, and the password given once more, as a change of factors asks."""
    client.post("/accounts/login/", FORM)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def post(path: str, body: dict[str, Any], token: str = "") -> Any:
    headers = {"X-Session-Token": token} if token else {}
    return Client().post(
        f"{V1}/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_the_password_alone_lets_nobody_in(client: Client, secret: str) -> None:
    at_second_step(client)
    assert client.get("/api/v1/me").status_code == 401
    enter(client, code_of(secret))
    assert is_in(client)


def test_a_code_is_good_once(client: Client, secret: str) -> None:
    code = code_of(secret)
    enter(at_second_step(client), code)
    thief = at_second_step(Client())
    enter(thief, code)
    assert not is_in(thief)


def test_the_api_asks_for_the_code_before_it_gives_tokens(secret: str) -> None:
    first = post("auth/login", {"username": "ben", "password": PASSWORD})
    assert first.status_code == 401
    assert "access_token" not in first.json()["meta"]
    pending = [flow["id"] for flow in first.json()["data"]["flows"] if flow.get("is_pending")]
    assert pending == ["mfa_authenticate"]
    session = first.json()["meta"]["session_token"]
    assert post("auth/2fa/authenticate", {"code": wrong(secret)}, session).status_code == 400
    second = post("auth/2fa/authenticate", {"code": code_of(secret)}, session)
    assert second.status_code == 200
    assert second.json()["meta"]["access_token"]


def test_a_session_that_waits_for_the_code_opens_nothing(secret: str) -> None:
    session = post("auth/login", {"username": "ben", "password": PASSWORD}).json()["meta"][
        "session_token"
    ]
    for path in ("/api/v1/me", "/api/v1/sight"):
        assert Client(headers={"Cookie": f"sessionid={session}"}).get(path).status_code == 401


def test_wrong_codes_lock_and_send_back_to_the_password(client: Client, secret: str) -> None:
    at_second_step(client)
    for _ in range(5):
        enter(client, wrong(secret))
    assert enter(client, code_of(secret)).headers["Location"] == "/accounts/login/"
    assert not is_in(client)
    page = client.post("/accounts/login/", FORM).content.decode()
    assert "Too many wrong attempts." in page


def test_the_api_locks_wrong_codes_alike(secret: str) -> None:
    answer = post("auth/login", {"username": "ben", "password": PASSWORD})
    session = answer.json()["meta"]["session_token"]
    for _ in range(5):
        post("auth/2fa/authenticate", {"code": wrong(secret)}, session)
    assert post("auth/2fa/authenticate", {"code": code_of(secret)}, session).status_code == 401
    assert post("auth/login", {"username": "ben", "password": PASSWORD}).status_code == 429


def test_right_passwords_do_not_forgive_wrong_codes(client: Client, secret: str) -> None:
    for _ in range(5):
        enter(at_second_step(Client()), wrong(secret))
    page = client.post("/accounts/login/", FORM)
    assert page.status_code == 200
    assert not is_in(client)


def test_a_recovery_code_is_good_once(client: Client, ben: User, secret: str) -> None:
    codes = RecoveryCodes.activate(ben).get_unused_codes()
    enter(at_second_step(client), codes[0])
    assert is_in(client)
    again = at_second_step(Client())
    enter(again, codes[0])
    assert not is_in(again)
    enter(again, codes[1])
    assert is_in(again)


def test_the_log_tells_a_wrong_code_from_a_wrong_password(
    client: Client, secret: str, tenant: Tenant
) -> None:
    at_second_step(client)
    enter(client, wrong(secret))
    enter(client, code_of(secret))
    with tenant_scope(tenant):
        lines = list(LoginLog.objects.order_by("id").values_list("ok", "reason", "method"))
    assert lines == [(False, "wrong_code", "second_factor"), (True, "", "second_factor")]


def test_an_app_is_added_and_removed_on_pages_with_lines_in_history(
    client: Client, ben: User, tenant: Tenant, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in_and_confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    shown = re.search(r'id="authenticator_secret" value="([A-Z2-7]+)"', page)
    assert shown
    secret = shown.group(1)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    (kept,) = Authenticator.objects.filter(user=ben, type="totp")
    assert secret not in json.dumps(kept.data), "ciphertext"
    assert client.get("/api/v1/me").json()["has_second_factor"] is True
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=ben).exists()
    with tenant_scope(tenant):
        lines = AuditEntry.objects.order_by("id").values_list("action", "data__kind")
        found = [line for line in lines if line[0].startswith("user.second_factor")]
    assert ("user.second_factor_add", "totp") in found
    assert ("user.second_factor_remove", "totp") in found


def test_secrets_move_to_a_new_key_and_used_codes_stay_used(
    ben: User, secret: str, client: Client, settings: Settings
) -> None:
    codes = RecoveryCodes.activate(ben)
    used, unused = codes.generate_codes()[:2]
    assert codes.validate_code(used)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    place = FactorSecrets()
    list(rotate(place))
    assert (place.seen, place.changed) == (2, 2)
    settings.SECRET_KEY = "the key that all was under is gone"
    assert enter(at_second_step(client), code_of(secret)).status_code == 302
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert not codes.validate_code(used)
    assert codes.validate_code(unused)
    list(rotate(again := FactorSecrets()))
    assert again.changed == 0


def test_a_factor_under_an_unknown_key_is_named(secret: str, settings: Settings) -> None:
    settings.SECRET_KEY = "another"
    with pytest.raises(WrongEncryptionKey, match=r"Second factors, row \d+ can't be decrypted"):
        list(rotate(FactorSecrets()))


def test_changing_factors_asks_for_the_password_again(client: Client, ben: User) -> None:
    client.force_login(ben)
    for page in ("totp/activate/", "recovery-codes/generate/", "webauthn/add/"):
        answer = client.get(f"/accounts/2fa/{page}")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/"), page


def test_the_pages_speak_both_languages_and_run_nothing_inline(client: Client, ben: User) -> None:
    sign_in_and_confirm(client)
    for page in ("", "totp/activate/", "webauthn/", "webauthn/add/"):
        for language in ("en", "zh-hans"):
            html = client.get(
                f"/accounts/2fa/{page}", headers={"Accept-Language": language}
            ).content.decode()
            assert f'lang="{language}"' in html
            for inline in ("<style", "style=", "onclick=", "<script>"):
                assert inline not in html
            for script in re.findall(r"<script[^>]*>", html):
                assert "src=" in script or "application/json" in script


def test_the_name_of_a_security_key_is_asked_for_in_the_reader_s_language(
    client: Client, ben: User
) -> None:
    sign_in_and_confirm(client)
    page = client.get("/accounts/2fa/webauthn/add/", headers={"Accept-Language": "zh-hans"})
    assert page.context["form"]["name"].label == "名称"
