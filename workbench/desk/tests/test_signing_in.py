import pytest
from django.test import Client

from chatplatform.accounts.models import User
from tests.cast import PASSWORD
from workbench.desk.tests.conftest import Signed

LOGIN = "/accounts/login/"


def sign_in(client: Client, username: str, password: str, **more: str):  # type: ignore[no-untyped-def] # a response
    return client.post(LOGIN, {"login": username, "password": password, **more})


def test_it_sends_strangers_to_the_login_and_back(client: Client) -> None:
    answer = client.get("/c/some-name/?view=mine")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{LOGIN}?next=/c/some-name/%3Fview%3Dmine"


def test_a_fragment_without_a_session_is_refused_without_a_login_page(client: Client) -> None:
    answer = client.get("/fragments/inbox/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.content == b""


def test_an_agent_signs_in_by_username(client: Client, ben: User) -> None:
    answer = sign_in(client, "ben", PASSWORD)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_it_goes_where_the_agent_wanted_to_go(client: Client, ben: User) -> None:
    answer = sign_in(client, "ben", PASSWORD, next="/?view=all")
    assert answer.headers["Location"] == "/?view=all"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"],
)
def test_it_goes_nowhere_else(client: Client, ben: User, elsewhere: str) -> None:
    answer = sign_in(client, "ben", PASSWORD, next=elsewhere)
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_says_so_and_keeps_the_name(client: Client, ben: User) -> None:
    answer = sign_in(client, "ben", "guess")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert 'value="ben"' in page
    assert "guess" not in page


@pytest.mark.parametrize(("language", "tag"), [("en", 'lang="en"'), ("zh-hans", 'lang="zh-hans"')])
def test_the_login_speaks_the_browsers_language(client: Client, language: str, tag: str) -> None:
    page = client.get(LOGIN, headers={"Accept-Language": language}).content.decode()
    assert f"<html {tag}>" in page


def test_the_language_can_be_switched_and_stays(client: Client, db: None) -> None:
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": LOGIN})
    page = client.get(LOGIN, headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="zh-hans">' in page


def test_who_may_not_serve_customers_reads_why(client: Client, ben: User) -> None:
    ben.groups.clear()
    answer = Signed(ben).get("/")
    assert answer.status_code == 403
    assert "may not serve customers" in answer.content.decode()


def test_an_operator_without_a_company_reads_why(admin_user: User) -> None:
    answer = Signed(admin_user).get("/")
    assert answer.status_code == 403
    assert 'href="/admin/"' in answer.content.decode()


def test_the_people_of_a_suspended_company_are_outside(at_bens: Signed) -> None:
    tenant = at_bens.user.tenant
    assert tenant is not None
    tenant.status = "suspended"
    tenant.save()
    assert at_bens.get("/").status_code in (302, 403)


def test_the_admin_uses_the_same_door(client: Client, db: None) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)


def test_signing_out_needs_a_click(at_bens: Signed) -> None:
    assert "Sign out?" in at_bens.get("/accounts/logout/").content.decode()
    at_bens.post("/accounts/logout/")
    assert at_bens.get("/").status_code == 302
