"""Who one is, where one is signed in, and how one ends it."""

import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from chatplatform.accounts.callers import sessions
from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import PASSWORD
from chatplatform.accounts.tests.test_tokens import refresh, sign_in, works
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]


def browser(user: User, agent: str = "Firefox", address: str = "192.0.2.1") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)
    return client


def api(token: str, method: str, path: str) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    return Client().generic(method, f"/api/v1/{path}", headers=headers)


def is_in(client: Client) -> bool:
    return client.get("/api/v1/me").status_code == 200


def test_me_tells_who_is_calling_and_what_she_may(cleo: User) -> None:
    me = api(sign_in("cleo")["access_token"], "GET", "me").json()
    assert (me["id"], me["username"], me["display_name"]) == (cleo.pk, "cleo", "Cleo")
    assert me["tenant"] == {"slug": "shop", "name": "Shop"}
    assert me["has_second_factor"] is False
    assert "conversations.serve_conversation" in me["permissions"]
    assert me["permissions"] == sorted(cleo.get_all_permissions())


def test_an_operator_has_no_tenant(operator: User) -> None:
    assert api(sign_in("olga")["access_token"], "GET", "me").json()["tenant"] is None


@pytest.mark.parametrize("path", ["me", "me/sessions"])
def test_nobody_is_told_nothing(db: None, path: str) -> None:
    assert Client().get(f"/api/v1/{path}").status_code == 401


def test_the_list_shows_browsers_and_programs_and_which_one_asks(ben: User, sam: User) -> None:
    browser(sam)
    browser(ben, agent="Firefox", address="192.0.2.7")
    found = api(sign_in()["access_token"], "GET", "me/sessions").json()["results"]
    assert [(one["user_agent"], one["is_current"]) for one in found] == [
        ("", True),
        ("Firefox", False),
    ]
    assert found[1]["address"] == "192.0.2.7"


def test_signing_out_there_ends_it_at_once_with_its_tokens(ben: User) -> None:
    tokens, here = sign_in(), browser(ben)
    (there,) = [s for s in here.get("/api/v1/me/sessions").json()["results"] if not s["is_current"]]
    path = f"/api/v1/me/sessions/{there['id']}"
    assert here.delete(path).status_code == 204
    assert not works(tokens["access_token"])
    assert refresh(tokens["refresh_token"]).status_code == 400
    assert is_in(here)
    assert here.delete(path).json()["code"] == "unknown_sign_in"


def test_somebody_elses_session_is_not_there(ben: User, sam: User) -> None:
    sams = browser(sam)
    (one,) = sessions.sign_ins_of(sam)
    assert browser(ben).delete(f"/api/v1/me/sessions/{one.id}").status_code == 404
    assert is_in(sams)


def test_the_page_lists_them_and_ends_one_or_all_others(ben: User) -> None:
    here, phone, tablet = browser(ben), browser(ben, "Phone"), browser(ben, "Tablet")
    page = here.get("/accounts/sessions/").content.decode()
    assert "Phone" in page
    assert "Tablet" in page
    (one,) = [one for one in sessions.sign_ins_of(ben) if one.user_agent == "Phone"]
    assert here.post(f"/accounts/sessions/{one.id}/").status_code == 302
    assert [is_in(client) for client in (here, phone, tablet)] == [True, False, True]
    here.post("/accounts/sessions/others/")
    assert [is_in(client) for client in (here, tablet)] == [True, False]


def test_an_ended_session_is_not_listed(ben: User) -> None:
    browser(ben).post("/accounts/logout/")
    Session.objects.filter(session_key="gone").delete()
    assert sessions.sign_ins_of(ben) == []


def test_the_list_costs_the_same_for_one_and_for_ten(
    ben: User, django_assert_num_queries: Any
) -> None:
    for _ in range(10):
        browser(ben)
    with django_assert_num_queries(1):
        assert len(sessions.sign_ins_of(ben)) == 10


def test_a_new_password_ends_the_other_sessions_and_leaves_a_line(
    ben: User, tenant: Tenant
) -> None:
    here, elsewhere, tokens = browser(ben), browser(ben), sign_in()
    form = {"oldpassword": PASSWORD, "password1": "n3w-and-long-1", "password2": "n3w-and-long-1"}
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert not works(tokens["access_token"])
    with tenant_scope(tenant):
        line = AuditEntry.objects.get(action="user.password_change")
    assert (line.actor_label, line.target_id) == ("ben", "ben")
    assert "n3w-and" not in str(vars(line))


def test_the_api_changes_a_password_alike(ben: User) -> None:
    elsewhere, tokens = browser(ben), sign_in()
    body = json.dumps({"current_password": PASSWORD, "new_password": "n3w-and-long-1"})
    answer = Client().post(
        "/_allauth/app/v1/account/password/change",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {tokens['access_token']}"},
    )
    assert answer.status_code == 200, answer.content
    assert not is_in(elsewhere)


def test_an_administrator_signs_people_out_everywhere(
    ada: User, ben: User, sam: User, tenant: Tenant
) -> None:
    bens, sams, adas = browser(ben), browser(sam), browser(ada)
    chosen = {"action": "sign_out_everywhere", "_selected_action": [ben.pk, sam.pk]}
    adas.post("/admin/accounts/user/", chosen)
    assert [is_in(client) for client in (bens, sams)] == [False, True], "sam is not hers"
    with tenant_scope(tenant):
        line = AuditEntry.objects.get(action="user.sign_out")
    assert (line.actor_label, line.target_id) == ("ada", "ben")


def test_an_administrators_new_password_for_somebody_ends_her_sessions(
    ada: User, ben: User, tenant: Tenant
) -> None:
    bens, adas = browser(ben), browser(ada)
    new = {"password1": "n3w-and-long-1", "password2": "n3w-and-long-1"}
    form = {**new, "usable_password": "true"}
    assert adas.post(f"/admin/accounts/user/{ben.pk}/password/", form).status_code == 302
    assert not is_in(bens)
    assert sessions.sign_ins_of(ben) == []
    with tenant_scope(tenant):
        line = AuditEntry.objects.get(action="user.password_change")
    assert (line.actor_label, line.target_id) == ("ada", "ben")


@pytest.mark.parametrize(
    "path",
    [
        "profile/",
        "sessions/others/",
        "sessions/1/",
        "login/",
        "logout/",
        "password/change/",
        "reauthenticate/",
        "sso/",
        "2fa/totp/activate/",
        "2fa/totp/deactivate/",
        "2fa/recovery-codes/generate/",
        "2fa/webauthn/add/",
    ],
)
def test_no_form_is_taken_without_its_csrf_token(ben: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    if path not in ("login/", "sso/"):
        client.force_login(ben)
    assert client.post(f"/accounts/{path}", {"x": "y"}).status_code == 403


def test_the_profile_keeps_name_and_language(ben: User) -> None:
    client = browser(ben)
    client.post("/accounts/profile/", {"display_name": "Benny", "language": "zh-hans"})
    ben.refresh_from_db()
    assert (ben.public_name, ben.language) == ("Benny", "zh-hans")
    page = client.get("/accounts/profile/").content.decode()
    assert 'lang="zh-hans"' in page
    client.post("/accounts/profile/", {"display_name": "x" * 81, "language": "tlh"})
    ben.refresh_from_db()
    assert (ben.public_name, ben.language) == ("Benny", "zh-hans")


@pytest.mark.parametrize("page", ["profile/", "sessions/", "2fa/", "password/change/"])
def test_ones_pages_run_nothing_inline_and_load_nothing_from_elsewhere(
    ben: User, page: str
) -> None:
    client = browser(ben)
    assert Client().get(f"/accounts/{page}").status_code == 302
    html = client.get(f"/accounts/{page}").content.decode()
    for inline in ("<style", "style=", "onclick=", "javascript:", "//cdn", "<script>"):
        assert inline not in html
