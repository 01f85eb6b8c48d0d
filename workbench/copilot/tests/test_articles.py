"""Which articles an agent finds, to say which of them should have answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatbot.knowledge.models import Article
from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from workbench.desk.tests.conftest import Signed

pytestmark = pytest.mark.django_db


def found(desk: Signed, search: str) -> list[str]:
    answer = desk.get("/api/v1/copilot/articles", {"search": search})
    assert answer.status_code == 200, answer.content
    return [article["title"] for article in answer.json()["results"]]


def test_words_of_the_title_come_first_then_what_articles_say(
    in_tenant: Tenant, at_bens: Signed
) -> None:
    write(in_tenant, "Returning a parcel", "Send it back within 30 days.")
    write(in_tenant, "Delivery times", "A parcel takes two days.")
    write(in_tenant, "Opening hours", "Nine to five.")
    assert found(at_bens, "parcel") == ["Returning a parcel", "Delivery times"]
    assert found(at_bens, "How many days does delivery take?")[0] == "Delivery times"
    assert found(at_bens, "  ") == found(at_bens, "moon dust") == []


def test_only_what_is_published_and_her_companys(
    in_tenant: Tenant, other_tenant: Tenant, at_bens: Signed
) -> None:
    article = write(in_tenant, "Parcel drafts")
    Article.objects.filter(pk=article.pk).update(published=False)
    with tenant_scope(other_tenant):
        write(other_tenant, "A neighbour's parcel")
    assert found(at_bens, "parcel") == []


def test_it_costs_the_same_for_one_and_for_twenty(in_tenant: Tenant, at_bens: Signed) -> None:
    write(in_tenant, "Parcel 0")
    found(at_bens, "parcel")
    with CaptureQueriesContext(connection) as one:
        found(at_bens, "parcel")
    for number in range(1, 20):
        write(in_tenant, f"Parcel {number}")
    found(at_bens, "parcel")
    with CaptureQueriesContext(connection) as twenty:
        assert len(found(at_bens, "parcel")) == 8
    assert len(twenty) == len(one)


def test_whoever_may_not_serve_finds_nothing(ben: User, at_bens: Signed) -> None:
    ben.groups.clear()
    assert at_bens.get("/api/v1/copilot/articles", {"search": "x"}).status_code == 403
