"""Whoever keeps guessing waits, on pages and in the API, and nobody else does."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from chatplatform.accounts.models import User
from chatplatform.accounts.runtime_settings import LoginSettings
from chatplatform.accounts.signing_in import login_log
from chatplatform.accounts.signing_in.login_log import LoginLog
from chatplatform.accounts.tests.factories import PASSWORD
from chatplatform.configuration.testing import configured
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]

LOGIN = "/_allauth/app/v1/auth/login"
PAGE = "/accounts/login/"
WRONG = "wrong"


def call(username: str, password: str = WRONG, *, address: str = "192.0.2.1") -> Any:
    body = json.dumps({"username": username, "password": password})
    return Client(REMOTE_ADDR=address).post(LOGIN, body, content_type="application/json")


def post_page(username: str, password: str = WRONG, *, address: str = "192.0.2.1") -> Any:
    form = {"login": username, "password": password}
    return Client(REMOTE_ADDR=address).post(PAGE, form)


def log() -> list[LoginLog]:
    with all_tenants():
        return list(LoginLog.objects.order_by("id"))


def age(by: timedelta) -> None:
    """Let that much time pass since everything that was tried."""
    with all_tenants():
        for line in LoginLog.objects.all():
            LoginLog.objects.filter(pk=line.pk).update(at=line.at - by)


def test_the_sixth_attempt_waits_even_with_the_right_password(ben: User) -> None:
    assert [call("ben").status_code for _ in range(5)] == [400] * 5
    answer = call("ben", PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "too_many_attempts"
    assert 890 < problem["retry_after"] <= 900
    assert answer.headers["Retry-After"] == str(problem["retry_after"])


def test_the_page_says_for_how_many_minutes(ben: User) -> None:
    for _ in range(5):
        post_page("ben")
    page = post_page("ben", PASSWORD)
    assert "_auth_user_id" not in page.client.session
    assert "Try again in 15 minutes." in page.content.decode()


def test_colleagues_behind_the_same_address_get_in(ben: User, cleo: User) -> None:
    for _ in range(6):
        call("ben")
    assert call("cleo", PASSWORD).status_code == 200


def test_the_owner_gets_in_from_elsewhere(ben: User) -> None:
    for _ in range(6):
        call("ben", address="203.0.113.7")
    assert call("ben", PASSWORD).status_code == 200


def test_a_guesser_with_a_network_of_addresses_is_one_guesser(ben: User) -> None:
    for number in range(5):
        assert call("ben", address=f"2001:db8::{number}").status_code == 400
    assert call("ben", PASSWORD, address="2001:db8::ffff").status_code == 429
    assert call("ben", PASSWORD, address="2001:db8:0:1::1").status_code == 200


@pytest.mark.parametrize("spelling", ["BEN", "Ben", "ＢＥＮ"])
def test_another_spelling_of_the_name_is_the_same_name(ben: User, spelling: str) -> None:
    for _ in range(5):
        call(spelling)
    assert call("ben", PASSWORD).status_code == 429


def test_a_name_that_nobody_has_is_locked_alike(db: None) -> None:
    assert [call("nobody").status_code for _ in range(6)] == [400] * 5 + [429]


def test_success_forgives_what_was_before(ben: User) -> None:
    for _ in range(4):
        call("ben")
    assert call("ben", PASSWORD).status_code == 200
    assert [call("ben").status_code for _ in range(5)] == [400] * 5
    assert call("ben").status_code == 429


def test_the_lock_ends_by_itself_and_waiting_does_not_lengthen_it(ben: User) -> None:
    for _ in range(7):
        call("ben")
    age(timedelta(minutes=14))
    assert call("ben", PASSWORD).status_code == 429
    age(timedelta(minutes=1, seconds=1))
    assert call("ben", PASSWORD).status_code == 200


def test_wrong_passwords_far_apart_lock_nobody(ben: User) -> None:
    for _ in range(6):
        assert call("ben").status_code == 400
        age(timedelta(minutes=4))


def test_operators_decide_how_many_attempts_and_how_long_a_pause(ben: User) -> None:
    with configured(LoginSettings, attempts=2, pause_minutes=60):
        assert [call("ben").status_code for _ in range(3)] == [400, 400, 429]
        age(timedelta(minutes=59))
        assert call("ben", PASSWORD).status_code == 429
        age(timedelta(minutes=2))
        assert call("ben", PASSWORD).status_code == 200


def test_pages_and_api_count_together(ben: User) -> None:
    for attempt in (call, post_page, call, post_page, call):
        attempt("ben")
    assert call("ben", PASSWORD).status_code == 429


def test_asking_for_the_password_again_counts_as_well(ben: User) -> None:
    client = Client(REMOTE_ADDR="192.0.2.1")
    client.post(PAGE, {"login": "ben", "password": PASSWORD})
    for _ in range(5):
        client.post("/accounts/reauthenticate/", {"password": "wrong"})
    page = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "Try again in 15 minutes." in page.content.decode()


def test_every_attempt_is_a_line_and_none_holds_a_password(ben: User, tenant: Tenant) -> None:
    call("ben", "hunter2-secret")
    post_page("ben", PASSWORD)
    User.objects.update(is_active=False)
    call("ben", PASSWORD)
    lines = log()
    assert [(line.ok, line.reason) for line in lines] == [
        (False, "wrong_password"),
        (True, ""),
        (False, "switched_off"),
    ]
    for line in lines:
        assert (line.username, line.user, line.tenant) == ("ben", ben, tenant)
        assert (line.method, line.address) == ("password", "192.0.2.1")
        assert "hunter2" not in str(vars(line))


def test_a_name_that_nobody_has_may_be_a_password_and_is_only_hinted_at(db: None) -> None:
    call("my-secret-password")
    (line,) = log()
    assert (line.username, line.user, line.tenant) == ("my…", None, None)
    assert "secret" not in str(vars(line))


def test_a_tenant_sees_its_own_lines_only(ben: User, sam: User, tenant: Tenant) -> None:
    call("ben")
    call("sam")
    call("nobody")
    with tenant_scope(tenant):
        assert [line.username for line in LoginLog.objects.all()] == ["ben"]


def test_old_lines_are_forgotten(ben: User) -> None:
    call("ben")
    age(timedelta(days=31))
    call("ben")
    assert login_log.trim(keep=timedelta(days=30)) == 1
    assert [line.at > timezone.now() - timedelta(minutes=1) for line in log()] == [True]


def test_a_header_full_of_line_breaks_and_nul_is_kept_in_one_line(ben: User) -> None:
    body = json.dumps({"username": "ben", "password": "x"})
    agent = "Mozilla\0 " + "x" * 999
    Client(headers={"User-Agent": agent}).post(LOGIN, body, content_type="application/json")
    (line,) = log()
    assert len(line.user_agent) == 200
    assert "\0" not in line.user_agent


def test_the_session_gets_a_new_key_at_login(ben: User) -> None:
    client = Client()
    client.get(PAGE)
    session = client.session
    session["seen"] = "before"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    client.post(PAGE, {"login": "ben", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(ben.pk)
    assert client.session.session_key != session.session_key
    old = Client(headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"})
    assert old.get("/api/v1/sight").status_code == 401
