"""Passwords count as they are typed, may be long, and are masked."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import PASSWORD
from chatplatform.accounts.tests.test_signing_in import log_in

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]

ODD = " Grüße, 世界 🎉  and a Tail "


def can_sign_in(password: str) -> bool:
    page = Client().post("/accounts/login/", {"login": "ben", "password": password})
    api = log_in(Client(), "ben", password)
    assert (page.status_code == 302) == (api.status_code == 200), "pages and API agree"
    return bool(api.status_code == 200)


def test_a_password_counts_exactly_as_it_is_typed(ben: User) -> None:
    ben.set_password(ODD)
    ben.save()
    assert can_sign_in(ODD)
    assert not any(map(can_sign_in, [ODD.replace("  ", " "), ODD.lower(), ODD[:-1], ODD.strip()]))


def test_the_api_keeps_a_new_one_as_it_is_typed(ben: User) -> None:
    token = log_in(Client(), "ben", PASSWORD).json()["meta"]["access_token"]
    answer = Client().post(
        "/_allauth/app/v1/account/password/change",
        {"current_password": PASSWORD, "new_password": ODD},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.content
    assert can_sign_in(ODD)


def test_digits_alone_may_be_a_password(ben: User) -> None:
    validate_password("8301746529384756", ben)


def test_a_long_one_is_taken_whole(ben: User) -> None:
    client = Client()
    client.force_login(ben)
    long = "-".join(["correct horse battery staple"] * 5)
    form = {"oldpassword": PASSWORD, "password1": long, "password2": long}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert can_sign_in(long)
    assert not can_sign_in(long[:64])


@pytest.mark.parametrize("page", ["login/", "password/change/", "reauthenticate/"])
def test_it_is_masked_and_may_be_pasted(ben: User, page: str) -> None:
    client = Client()
    if page != "login/":
        client.force_login(ben)
    text = client.get(f"/accounts/{page}").content.decode()
    inputs = re.findall(r'<input[^>]*name="[^"]*password[^"]*"[^>]*>', text)
    assert inputs
    for field in inputs:
        assert 'type="password"' in field
        assert "onpaste" not in field
        assert 'autocomplete="off"' not in field
