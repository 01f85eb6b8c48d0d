"""What a list of the administration says when it is empty."""

import pytest
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.roles.tests.factories import give, role

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]


@pytest.fixture
def browser(bea: User) -> Client:
    give(bea, role(bea.tenant, ["view_sensitiveword", "add_sensitiveword"]))
    User.objects.filter(pk=bea.pk).update(is_staff=True)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(bea)
    return client


def test_an_empty_list_says_what_would_stand_there_and_what_to_do(browser: Client) -> None:
    said = browser.get("/admin/moderation/sensitiveword/").content.decode()
    assert "import a list as CSV" in said
    assert "Add sensitive word" in said
    assert "Reset filters" not in said


def test_a_search_in_vain_offers_to_take_it_back(browser: Client) -> None:
    said = browser.get("/admin/moderation/sensitiveword/?q=nobody").content.decode()
    assert "Nothing matches" in said
    assert "Reset filters" in said
    assert "import a list as CSV" not in said
