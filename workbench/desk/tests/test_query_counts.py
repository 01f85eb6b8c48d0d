"""Every page costs the same number of queries for one row and for twenty."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from workbench.desk.tests.conftest import Opener, Signed, says

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
