"""One's own keys beside the profile."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.api_keys.tests.conftest import SERVE, Make, call
from chatplatform.accounts.models import User

pytestmark = pytest.mark.django_db

PAGE = "/accounts/api-keys/"
FORM = {"name": "Shop system", "lasts": "90", "addresses": "", "scopes": [SERVE]}


@pytest.fixture
def browser(ben: User) -> Client:
    """Ben's, who may make keys."""
    may = Permission.objects.get(codename="add_apikey")
    Group.objects.get(name="agent").permissions.add(may)
    client = Client()
    client.force_login(ben)
    return client


def keys() -> list[ApiKey]:
    return list(ApiKey._base_manager.all())


def test_a_key_is_made_and_its_secret_shown_once(browser: Client, ben: User) -> None:
    answer = browser.post(PAGE, FORM)
    (token,) = re.findall(r"cpk_\w+_[\w-]+", answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    (key,) = keys()
    assert (key.owner, key.scopes) == (ben, [SERVE])
    assert key.expires_at is not None
    assert abs(key.expires_at - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)
    assert call(token).status_code == 200
    listed = browser.get(PAGE).content.decode()
    assert key.prefix in listed
    assert token not in listed


def test_only_what_one_may_is_offered_in_words(browser: Client) -> None:
    page = browser.get(PAGE).content.decode()
    assert f'value="{SERVE}"' in page
    assert "Can serve customers" in page
    assert 'value="accounts.change_user"' not in page
    browser.post(PAGE, {**FORM, "scopes": ["accounts.change_user"]})
    assert keys() == []


@pytest.mark.parametrize(
    "wrong", [{"addresses": "nonsense"}, {"scopes": []}, {"name": ""}, {"lasts": "-4"}], ids=str
)
def test_what_is_wrong_is_said_beside_its_field(browser: Client, wrong: dict[str, str]) -> None:
    answer = browser.post(PAGE, {**FORM, **wrong})
    assert 'class="field-error"' in answer.content.decode()
    assert keys() == []


def test_a_key_is_revoked(browser: Client, ben: User, make: Make) -> None:
    made = make(ben)
    assert call(made.token).status_code == 200
    answer = browser.post(f"{PAGE}{made.key.prefix}/revoke/", follow=True)
    assert "revoked" in answer.content.decode()
    assert call(made.token).status_code == 401


def test_others_keys_are_not_there(browser: Client, make: Make, sam: User, cleo: User) -> None:
    for stranger in (sam, cleo):
        made = make(stranger)
        assert made.key.prefix not in browser.get(PAGE).content.decode()
        assert browser.post(f"{PAGE}{made.key.prefix}/revoke/").status_code == 404
    assert not any(key.revoked_at for key in keys())


def test_who_may_not_make_keys_reads_so_and_gets_none(ben: User) -> None:
    client = Client()
    client.force_login(ben)
    assert "You may not make API keys." in client.get(PAGE).content.decode()
    assert client.post(PAGE, FORM).status_code == 403
    assert keys() == []


def test_strangers_and_operators_have_no_keys(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(User.objects.create_superuser("operator"))
    assert client.get(PAGE).status_code == 403


def test_the_page_costs_the_same_for_one_and_for_twenty(
    browser: Client, ben: User, make: Make
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(PAGE).status_code == 200
        return len(asked)

    make(ben)
    cost()
    one = cost()
    for _ in range(19):
        make(ben)
    assert cost() == one
