"""Nobody gains by another's account what her own roles keep from her."""

import pytest
from django.db.models import Q
from django.test import Client

from chatplatform.accounts.api_keys import services as api_keys
from chatplatform.accounts.api_keys.models import ApiKey
from chatplatform.accounts.callers.acting import may_act_as
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import InvalidInput
from chatplatform.roles.models import Scope
from chatplatform.roles.tests.conftest import Shop, in_department
from chatplatform.roles.tests.factories import fresh, give, role
from tests.cast import person

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

NEW = "long-enough-and-odd-1"
SERVE = "conversations.serve_conversation"
LEADS = Q(content_type__app_label__in=["accounts", "api_keys", "conversations"])


@pytest.fixture
def lead(shop: Shop, ben: User) -> User:
    """Ben leads sales: he manages its people, and sees its conversations and no others."""
    User.objects.filter(pk=ben.pk).update(is_staff=True)
    return give(ben, role(shop.tenant, LEADS, scope=Scope.DEPARTMENT))


@pytest.fixture
def leads(lead: User) -> Client:
    client = Client()
    client.force_login(lead)
    return client


def colleague(shop: Shop, name: str, *, scope: str) -> User:
    """Of sales as well, with a role that reaches as far as `scope`."""
    user = in_department(person(shop.tenant, name), shop.sales)
    return give(user, role(shop.tenant, ["serve_conversation"], scope=scope))


def password_form(client: Client, user: User) -> int:
    form = {"usable_password": "true", "password1": NEW, "password2": NEW}
    status: int = client.post(f"/admin/accounts/user/{user.pk}/password/", form).status_code
    return status


def test_a_lead_sets_the_passwords_of_those_who_reach_no_further(shop: Shop, leads: Client) -> None:
    near = colleague(shop, "near", scope=Scope.DEPARTMENT)
    far = colleague(shop, "far", scope=Scope.ALL)
    assert password_form(leads, near) == 302
    assert password_form(leads, far) == 403
    assert fresh(near).check_password(NEW)
    assert not fresh(far).check_password(NEW)


def test_a_lead_makes_no_key_that_sees_more_than_she(shop: Shop, lead: User) -> None:
    near = colleague(shop, "near", scope=Scope.OWN)
    far = colleague(shop, "far", scope=Scope.ALL)
    api_keys.create_key(by=lead, owner=near, name="x", scopes=[SERVE])
    with pytest.raises(InvalidInput) as refused:
        api_keys.create_key(by=lead, owner=far, name="x", scopes=[SERVE])
    assert refused.value.extra["errors"][0]["code"] == "beyond_own_rights"
    assert set(ApiKey.objects.values_list("owner", flat=True)) == {near.pk}


def test_a_lead_puts_herself_into_no_other_department(
    shop: Shop, lead: User, leads: Client
) -> None:
    form = {"username": "ben", "department": shop.support.pk, "is_active": "on", "is_staff": "on"}
    assert leads.post(f"/admin/accounts/user/{lead.pk}/change/", form).status_code == 302
    assert fresh(lead).department == shop.sales


def test_who_reaches_everything_moves_as_she_likes(shop: Shop, ada: User) -> None:
    client = Client()
    client.force_login(ada)
    form = {"username": "ada", "department": shop.support.pk, "is_active": "on", "is_staff": "on"}
    assert client.post(f"/admin/accounts/user/{ada.pk}/change/", form).status_code == 302
    assert fresh(ada).department == shop.support


@pytest.mark.parametrize(
    ("mine", "theirs", "allowed"),
    [
        (Scope.ALL, Scope.ALL, True),
        (Scope.ALL, Scope.DEPARTMENT, True),
        (Scope.DEPARTMENT, Scope.DEPARTMENT, True),
        (Scope.DEPARTMENT_TREE, Scope.DEPARTMENT_TREE, True),
        (Scope.DEPARTMENT, Scope.DEPARTMENT_TREE, False),
        (Scope.DEPARTMENT, Scope.ALL, False),
        (Scope.OWN, Scope.DEPARTMENT, False),
        (Scope.DEPARTMENT, Scope.OWN, True),
    ],
)
def test_one_acts_as_those_who_reach_no_further(
    shop: Shop, ben: User, mine: str, theirs: str, allowed: bool
) -> None:
    ben = give(ben, role(shop.tenant, ["serve_conversation"], scope=mine))
    assert may_act_as(ben, colleague(shop, "nora", scope=theirs)) is allowed


def test_who_has_the_same_limited_role_is_no_more_than_oneself(shop: Shop, ben: User) -> None:
    limits = {"conversations.conversation": {"language": "en"}}
    shared = role(shop.tenant, ["serve_conversation"], constraints=limits)
    ben = give(ben, shared)
    nora = give(person(shop.tenant, "nora"), shared)
    assert may_act_as(ben, nora)
    assert not may_act_as(ben, give(nora, role(shop.tenant, ["serve_conversation"])))


def test_nobody_but_an_operator_acts_as_one(shop: Shop, ada: User, operator: User) -> None:
    assert not may_act_as(ada, operator)
    assert may_act_as(operator, ada)
    assert may_act_as(operator, operator)
