"""Who may open the agents' stream, and what she hears on it."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.tenants.models import Tenant
from realtime.streams import Refused, Subscription
from workbench.desk.streams import authorize
from workbench.desk.tests.conftest import Signed
from workbench.desk.tests.test_api import token_of

pytestmark = pytest.mark.django_db(transaction=True)


def scope(query: str = "", **headers: str) -> dict[str, Any]:
    pairs = [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in headers.items()]
    return {
        "type": "http",
        "query_string": query.encode(),
        "headers": [(b"host", b"desk.example"), *pairs],
    }


def open_stream(query: str = "", **headers: str) -> Subscription:
    return async_to_sync(authorize)(scope(query, **headers))


def cookie_of(user: User) -> str:
    key = Signed(user).cookies[settings.SESSION_COOKIE_NAME].value
    return f"csrftoken=x; {settings.SESSION_COOKIE_NAME}={key}"


def refusal(query: str = "", **headers: str) -> int:
    with pytest.raises(Refused) as refused:
        open_stream(query, **headers)
    return refused.value.status


def test_an_agent_hears_herself_everyone_and_her_companys_sessions(ben: User) -> None:
    own = {f"sse:agent:{ben.pk}", f"sse:person:{ben.pk}"}
    heard = {*own, "sse:broadcast", "sse:session:*"}
    for opened in (
        open_stream(cookie=cookie_of(ben)),
        open_stream(authorization=f"Bearer {token_of(ben)}"),
        open_stream(f"token={token_of(ben)}"),
    ):
        assert (opened.log, set(opened.channels)) == ("shop", heard)
        assert opened.grant
        assert opened.grant.key.startswith(f"{ben.pk}:")


def test_a_stranger_hears_her_own_company(sam: User) -> None:
    assert open_stream(cookie=cookie_of(sam)).log == "neighbour"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer rubbish"},
        {"authorization": "Bearer \xff"},
        {"cookie": "sessionid=nonsense"},
        {"cookie": "sessionid=%00; ;;="},
        {"cookie": "\xff\x00"},
    ],
)
def test_nobody_is_401(headers: dict[str, str]) -> None:
    assert refusal(**headers) == 401


def test_a_garbled_token_in_the_address_is_401() -> None:
    assert refusal("token=rubbish") == 401
    assert refusal("token=%00%ff") == 401


def test_a_bad_token_is_not_saved_by_a_good_cookie(ben: User) -> None:
    assert refusal(cookie=cookie_of(ben), authorization="Bearer rubbish") == 401


def test_who_may_not_serve_is_403(ben: User) -> None:
    ben.groups.clear()
    assert refusal(cookie=cookie_of(ben)) == 403


def test_the_people_of_a_suspended_company_hear_nothing(ben: User) -> None:
    cookie = cookie_of(ben)
    Tenant.objects.update(status=Tenant.Status.SUSPENDED)
    assert refusal(cookie=cookie) in (401, 403)


def test_a_token_ends_with_its_session(ben: User) -> None:
    token = token_of(ben)
    ben.is_active = False
    ben.save()
    assert refusal(f"token={token}") == 401


def test_a_cookie_works_from_our_own_pages_only(ben: User) -> None:
    cookie = cookie_of(ben)
    assert open_stream(cookie=cookie, origin="https://desk.example").log == "shop"
    assert refusal(cookie=cookie, origin="https://evil.example") == 401
    assert refusal(cookie=cookie, origin="null") == 401
    assert refusal(cookie=cookie, sec_fetch_site="cross-site") == 401
    assert refusal(cookie=cookie, sec_fetch_site="same-site") == 401


def test_signing_out_ends_the_cookie(ben: User) -> None:
    client: Client = Signed(ben)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    client.logout()
    assert refusal(cookie=cookie) == 401
