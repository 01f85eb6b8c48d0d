"""Every page costs the same number of queries for one row and for twenty."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatplatform.accounts.api_keys.services import create_key
from chatplatform.accounts.api_keys.tests.conftest import SERVE
from chatplatform.accounts.models import User
from chatplatform.roles.models import Scope
from chatplatform.roles.tests.factories import fresh, give, role
from chatplatform.tenants.models import Tenant
from workbench.desk.tests.conftest import Opener, Signed, says
from workbench.desk.tests.test_api import token_of

PAGES = ["/", "/?view=mine", "/?view=all", "/fragments/views/", "/api/v1/sessions"]


def queries(ask: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("page", PAGES)
def test_a_list_costs_the_same_for_one_and_for_twenty(
    at_bens: Signed, waiting: Opener, served: Opener, page: str
) -> None:
    waiting("Ada")
    served(at_bens.user, "Ana")
    at_bens.get(page)
    one = queries(lambda: at_bens.get(page))
    for number in range(19):
        waiting(f"Ada {number}")
        served(at_bens.user, f"Ana {number}")
    twenty = queries(lambda: at_bens.get(page))
    assert len(twenty) == len(one), "\n".join(twenty)


def test_a_thread_costs_the_same_for_one_and_for_twenty_messages(
    at_bens: Signed, served: Opener
) -> None:
    conversation = served(at_bens.user)
    page = f"/c/{conversation.name}/"
    at_bens.get(page)
    one = queries(lambda: at_bens.get(page))
    for number in range(19):
        says(conversation, str(number))
        says(conversation, str(number), agent=at_bens.user)
    twenty = queries(lambda: at_bens.get(page))
    assert len(twenty) == len(one), "\n".join(twenty)


@pytest.mark.django_db(transaction=True)  # inside a transaction rights are not remembered
def test_who_calls_and_what_she_may_see_cost_two_queries(
    in_tenant: Tenant, ben: User, waiting: Opener
) -> None:
    """By session cookie, by access token, and one by API key: beside the one that lists."""
    serves = ["serve_conversation", "view_conversation", "add_apikey"]
    roles = (role(in_tenant, serves, scope=each) for each in (Scope.DEPARTMENT, Scope.OWN))
    ben = give(ben, *roles)
    waiting("Ada")
    key = create_key(by=fresh(ben), owner=fresh(ben), name="x", scopes=[SERVE]).token
    callers = {
        "cookie": Signed(ben),
        "token": Client(headers={"authorization": f"Bearer {token_of(ben)}"}),
        "key": Client(headers={"authorization": f"Bearer {key}"}),
    }
    cost = {}
    for name, client in callers.items():
        client.get("/api/v1/sessions")  # what a process reads once
        asked = queries(lambda client=client: client.get("/api/v1/sessions"))  # type: ignore[misc]
        assert sum("conversations_conversation" in sql for sql in asked) == 1
        cost[name] = len(asked) - 1
    assert cost == {"cookie": 2, "token": 2, "key": 1}
