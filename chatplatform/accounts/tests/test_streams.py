from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from chatplatform.accounts.callers.authentication import user_of_scope
from chatplatform.accounts.models import User
from chatplatform.accounts.tests.test_signing_in import token_of

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]


def scope(query: str = "", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return {
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in pairs],
        "query_string": query.encode(),
    }


@pytest.fixture
def cookie(client: Client, ben: User) -> str:
    client.force_login(ben)
    return f"theme=dark; sessionid={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_a_token_is_taken_from_header_or_query(ben: User) -> None:
    token = token_of(ben)
    assert user_of_scope(scope(authorization=f"Bearer {token}")) == ben
    assert user_of_scope(scope(f"last=1-2&token={token}")) == ben


def test_the_session_cookie_speaks_for_its_owner(ben: User, cookie: str) -> None:
    assert user_of_scope(scope(cookie=cookie)) == ben
    assert user_of_scope(scope(cookie=cookie, origin="http://desk.example", host="desk.example"))


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}],
)
def test_another_sites_page_cannot_use_the_cookie(cookie: str, headers: dict[str, str]) -> None:
    assert user_of_scope(scope(cookie=cookie, host="desk.example", **headers)) is None


def test_a_bad_token_does_not_fall_back_to_the_cookie(cookie: str) -> None:
    assert user_of_scope(scope("token=rubbish", cookie=cookie)) is None


@pytest.mark.parametrize(
    "headers",
    [{}, {"cookie": "sessionid="}, {"cookie": 'a="b;;=\xff'}, {"authorization": "Bearer \xff"}],
)
def test_nobody_is_nobody(db: None, headers: dict[str, str]) -> None:
    assert user_of_scope(scope("%ff&token=", **headers)) is None


def test_a_disabled_user_opens_no_stream(ben: User, cookie: str) -> None:
    token = token_of(ben)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert user_of_scope(scope(authorization=f"Bearer {token}")) is None
    assert user_of_scope(scope(cookie=cookie)) is None
