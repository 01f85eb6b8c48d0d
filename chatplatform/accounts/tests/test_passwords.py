"""Passwords count as they are typed, may be long, and are masked."""

import re

import pytest
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import PASSWORD
from chatplatform.accounts.tests.test_signing_in import log_in

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]

ODD = "Grüße, 世界 🎉  and a Tail"


def can_sign_in(password: str) -> bool:
    page = Client().post("/accounts/login/", {"login": "ben", "password": password})
    api = log_in(Client(), "ben", password)
    assert (page.status_code == 302) == (api.status_code == 200), "pages and API agree"
    return bool(api.status_code == 200)


def test_a_password_counts_exactly_as_it_is_typed(ben: User) -> None:
    ben.set_password(ODD)
    ben.save()
    assert can_sign_in(ODD)
    assert not any(map(can_sign_in, [ODD.replace("  ", " "), ODD.lower(), ODD[:-1]]))


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
