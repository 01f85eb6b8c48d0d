"""Why a conversation was closed: asked for in the console, and read there."""

import pytest

from chatplatform.accounts.models import User
from chatplatform.dictionaries.models import DictionaryItem
from chatplatform.kernel.scoping import all_tenants
from workbench.desk.tests.conftest import Opener, Signed


def test_the_console_offers_the_reasons_that_can_be_chosen(at_bens: Signed) -> None:
    with all_tenants():
        DictionaryItem.objects.filter(value="duplicate").update(enabled=False)
        DictionaryItem.objects.filter(value="moved").update(default=True)
    page = " ".join(at_bens.get("/").text.split())
    assert '<input type="radio" name="reason" value="solved" > Solved' in page
    assert '<input type="radio" name="reason" value="moved" checked> Continued elsewhere' in page
    assert 'value="duplicate"' not in page


@pytest.mark.parametrize(("language", "line"), [("en", "Closed: Solved"), ("zh-hans", "已解决")])
def test_the_thread_says_why_in_the_readers_language(
    at_bens: Signed, served: Opener, ben: User, language: str, line: str
) -> None:
    conversation = served(ben)
    answer = at_bens.call(f"/sessions/{conversation.name}/close", {"reason": "solved"})
    assert (answer.status_code, answer.json()["close_reason"]) == (200, "solved")
    at_bens.cookies["django_language"] = language
    assert line in at_bens.get(f"/c/{conversation.name}/").text


@pytest.mark.parametrize("reason", ["nonsense", 7, None, "x" * 61, "a\0b"])
def test_what_is_no_reason_is_400_by_its_name(
    at_bens: Signed, served: Opener, ben: User, reason: object
) -> None:
    conversation = served(ben)
    answer = at_bens.call(f"/sessions/{conversation.name}/close", {"reason": reason})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "reason"
    assert at_bens.get(f"/api/v1/sessions/{conversation.name}").json()["status"] == "active"
