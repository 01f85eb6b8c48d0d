"""The administration is entered by the one door, and with a second factor where one is wanted."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from pytest_django import Settings

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

HOME = "/admin/"
LOGIN = "/admin/login/"


@pytest.fixture
def adas(ada: User, client: Client) -> Client:
    client.force_login(ada)
    return client


def test_its_own_form_takes_no_password_not_even_from_an_administrator(
    adas: Client, operator: User, ada: User
) -> None:
    form = {"username": "olga", "password": PASSWORD, "next": "/admin/"}
    assert Client().post(LOGIN, form).headers["Location"].startswith("/accounts/login/")
    adas.post(LOGIN, form)
    assert adas.session["_auth_user_id"] == str(ada.pk), "no way round lock and second factor"


def test_it_leads_back_to_where_one_wanted_to_go(adas: Client) -> None:
    asked = Client().get("/admin/accounts/user/", follow=True).redirect_chain
    assert asked[-1][0] == "/accounts/login/?next=/admin/accounts/user/"
    assert adas.get(f"{LOGIN}?next=/admin/accounts/user/").headers["Location"] == (
        "/admin/accounts/user/"
    )


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_it_leads_to_no_other_site(adas: Client, next: str) -> None:
    assert adas.get(LOGIN, {"next": next}).headers["Location"] == "/admin/"
    form = {"login": "ada", "password": PASSWORD, "next": next}
    assert Client().post("/accounts/login/", form).headers["Location"] == "/"


def test_people_without_business_there_read_so(client: Client, ben: User) -> None:
    client.force_login(ben)
    page = client.get(HOME, follow=True)
    assert page.status_code == 403
    assert "You may not see this" in page.content.decode()


def test_its_password_page_is_ours(adas: Client) -> None:
    assert adas.get("/admin/password_change/").headers["Location"] == "/accounts/password/change/"


def test_without_a_second_factor_it_is_closed_where_one_is_wanted(
    adas: Client, ada: User, settings: Settings
) -> None:
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    page = adas.get(HOME, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "The administration asks for a second factor." in page.content.decode()
    assert adas.get("/admin/accounts/user/").status_code == 302
    TOTP.activate(ada, generate_totp_secret())
    assert adas.get(HOME).status_code == 200


def test_in_development_it_is_open_without(adas: Client, settings: Settings) -> None:
    settings.ADMIN_NEEDS_SECOND_FACTOR = False
    assert adas.get(HOME).status_code == 200


def test_who_belongs_to_no_company_and_operates_none_has_no_business_there(client: Client) -> None:
    stray: User = UserFactory.create(
        username="stray", tenant=None, role="administrator", is_staff=True
    )
    client.force_login(stray)
    assert client.get("/admin/accounts/user/", follow=True).status_code == 403
