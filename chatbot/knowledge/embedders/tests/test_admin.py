import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.knowledge.embedders.models import Progress
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

PAGE = "/admin/embedders/progress/"


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def progress(number: int, **values: object) -> Progress:
    with all_tenants():
        owner = Tenant.objects.create(slug=f"shop-{number}", name=f"Shop {number}")
        row: Progress = Progress.objects.create(tenant=owner, model="e5", **values)
    return row


def test_the_list_says_how_far_each_tenant_is(operator: Client) -> None:
    progress(1, total=8, done=2)
    progress(2, total=8, done=8)
    progress(3, total=8, done=3, error="It did not answer.")
    page = operator.get(PAGE).content.decode()
    for said in ("2 / 8 (25 %)", "up to date", "8 / 8 (100 %)", "It did not answer.", "waiting"):
        assert said in page


def test_the_list_costs_the_same_for_one_and_for_twenty(operator: Client) -> None:
    progress(0)
    with CaptureQueriesContext(connection) as one:
        operator.get(PAGE)
    for number in range(1, 20):
        progress(number)
    with CaptureQueriesContext(connection) as twenty:
        operator.get(PAGE)
    assert len(twenty) == len(one)


def test_nobody_changes_it_by_hand(operator: Client) -> None:
    row = progress(1)
    assert operator.get(f"{PAGE}{row.pk}/change/").status_code == 200
    assert operator.get(f"{PAGE}add/").status_code == 403
    assert operator.post(f"{PAGE}{row.pk}/delete/", {"post": "yes"}).status_code == 403
