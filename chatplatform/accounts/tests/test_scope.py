import pytest
from django.test import Client
from django_scopes import ScopeError, get_scope
from pytest_django import DjangoAssertNumQueries, Settings

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.accounts.tests.test_signing_in import ask, token_of
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.models import AuditEntry

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]


@pytest.fixture
def lines(ben: User, sam: User) -> None:
    """One audit line in each of two tenants."""
    for user in (ben, sam):
        assert user.tenant is not None
        audit.record(tenant=user.tenant, actor=SYSTEM, action="test.do", target=user.tenant.slug)


@pytest.mark.usefixtures("lines")
def test_a_session_user_sees_her_tenant_only(client: Client, ben: User, sam: User) -> None:
    client.force_login(ben)
    assert client.get("/sight").json()["sees"] == ["shop"]
    client.force_login(sam)
    assert client.get("/sight").json()["sees"] == ["neighbour"]


@pytest.mark.usefixtures("lines")
def test_a_bearer_sees_her_tenant_only_and_the_scope_closes_behind_her(
    client: Client, ben: User
) -> None:
    assert ask(client, token_of(ben)).json()["sees"] == ["shop"]
    assert get_scope() == {}


@pytest.mark.usefixtures("lines")
def test_the_token_wins_over_a_strangers_cookie(client: Client, ben: User, sam: User) -> None:
    client.force_login(sam)
    assert ask(client, token_of(ben)).json()["sees"] == ["shop"]


@pytest.mark.usefixtures("lines")
def test_an_operator_sees_every_tenant(client: Client, operator: User) -> None:
    client.force_login(operator)
    assert client.get("/sight").json()["sees"] == ["neighbour", "shop"]


def test_someone_without_tenant_and_power_sees_nothing(client: Client, db: None) -> None:
    client.force_login(UserFactory.create(tenant=None))
    with pytest.raises(ScopeError):
        client.get("/sight")


def test_a_query_outside_every_scope_fails(db: None) -> None:
    with pytest.raises(ScopeError):
        AuditEntry.objects.count()


def test_the_users_language_wins_over_cookie_and_browser(client: Client, ben: User) -> None:
    client.force_login(ben)
    browser = {"accept-language": "zh-CN"}
    assert client.get("/sight", headers=browser).json()["language"] == "zh-hans"
    client.cookies["django_language"] = "en"
    assert client.get("/sight", headers=browser).json()["language"] == "en"
    User.objects.filter(pk=ben.pk).update(language="zh-hans")
    response = client.get("/sight")
    assert response.json()["language"] == "zh-hans"
    assert response.headers["Content-Language"] == "zh-hans"
    assert ask(Client(), token_of(ben)).json()["language"] == "zh-hans"


def test_the_language_switch_is_remembered_with_the_account(client: Client, ben: User) -> None:
    client.force_login(ben)
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    ben.refresh_from_db()
    assert ben.language == "zh-hans"
    client.post("/i18n/setlang/", {"language": "tlh"})
    ben.refresh_from_db()
    assert ben.language == "zh-hans"


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("https://evil.example/", "//evil.example/", "/\\\\evil.example", "https:evil.example"),
        *("javascript:alert(1)", "\thttps://evil.example", "http://testserver@evil.example/"),
    ],
)
@pytest.mark.parametrize("door", ["chatbot", "workbench"])
def test_the_language_switch_leads_to_no_other_site(
    client: Client, settings: Settings, door: str, elsewhere: str
) -> None:
    settings.ROOT_URLCONF = f"chatplatform.urls.{door}"
    answer = client.post("/i18n/setlang/", {"language": "en", "next": elsewhere})
    assert (answer.status_code, answer.headers.get("Location", "/")) == (302, "/")


@pytest.mark.urls("chatplatform.urls.chatbot")
def test_the_customers_door_knows_no_agent_though_her_cookie_comes_along(
    client: Client, ben: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(ben)
    User.objects.filter(pk=ben.pk).update(language="zh-hans")
    with django_assert_num_queries(0):
        response = client.get("/nothing", headers={"accept-language": "en"})
    assert response.headers["Content-Language"] == "en"
