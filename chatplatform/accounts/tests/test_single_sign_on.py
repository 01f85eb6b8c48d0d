"""Signing in at one's company: into that company, and only on a proof that answers this request."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import Group
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in.login_log import LoginLog
from chatplatform.accounts.single_sign_on.connections import SsoConnection
from chatplatform.accounts.tests.oidc_provider import Provider
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.accounts.tests.urls"), pytest.mark.django_db]


@pytest.fixture
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


@pytest.fixture
def connection(provider: Provider, tenant: Tenant) -> SsoConnection:
    return connect(provider, tenant, "shop.example")


def connect(provider: Provider, tenant: Tenant, domain: str) -> SsoConnection:
    with all_tenants():
        made: SsoConnection = SsoConnection.objects.create(
            tenant=tenant,
            domain=domain,
            issuer=provider.issuer,
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            default_role=Group.objects.get(name="agent"),
        )
    return made


def leave(client: Client, connection: SsoConnection, next: str = "") -> str:
    """Where our side sends the browser."""
    answer = client.get(f"/accounts/sso/{connection.name}/", {"next": next})
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def come_back(client: Client, sent_to: str) -> Any:
    """What our side says to a browser that the provider sends back."""
    at_provider = requests.get(sent_to, allow_redirects=False, timeout=5)
    return client.get(at_provider.headers["Location"].removeprefix("http://testserver"))


def sign_in(client: Client, connection: SsoConnection, next: str = "") -> Any:
    return come_back(client, leave(client, connection, next))


def who(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id", 0)).first()


def test_somebody_new_becomes_a_user_of_that_company_with_its_first_role(
    client: Client, connection: SsoConnection, tenant: Tenant
) -> None:
    answer = sign_in(client, connection)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    dora = who(client)
    assert dora
    assert (dora.username, dora.tenant, dora.public_name) == ("dora", tenant, "Dora Li")
    assert [group.name for group in dora.groups.all()] == ["agent"]
    assert not dora.has_usable_password()
    assert not dora.is_staff
    assert not dora.is_superuser
    with tenant_scope(tenant):
        assert AuditEntry.objects.filter(action="user.create", target_id="dora").exists()
        (line,) = LoginLog.objects.all()
    assert (line.ok, line.method, line.user) == (True, "single_sign_on", dora)


def test_she_is_the_same_person_the_next_time(client: Client, connection: SsoConnection) -> None:
    sign_in(client, connection)
    first = who(client)
    again = Client()
    sign_in(again, connection)
    assert who(again) == first


def test_she_goes_where_she_wanted_to_and_never_to_another_site(
    client: Client, connection: SsoConnection
) -> None:
    assert sign_in(client, connection, "/c/x/").headers["Location"] == "/c/x/"
    for elsewhere in ("//evil.example", "https://evil.example/", "javascript:alert(1)"):
        assert sign_in(Client(), connection, elsewhere).headers["Location"] == "/"


def test_a_name_that_somebody_has_is_not_taken_over(
    client: Client, connection: SsoConnection, provider: Provider, ben: User, sam: User
) -> None:
    for taken in (ben, sam):
        browser = Client()
        provider.person = {"sub": f"p-{taken.pk}", "preferred_username": taken.username}
        sign_in(browser, connection)
        newcomer = who(browser)
        assert newcomer
        assert newcomer != taken
        assert newcomer.tenant == connection.tenant


def test_an_address_that_somebody_has_takes_nothing_over_either(
    client: Client, connection: SsoConnection, provider: Provider, ben: User
) -> None:
    User.objects.filter(pk=ben.pk).update(email="ben@shop.example")
    provider.person |= {"email": "ben@shop.example", "email_verified": True}  # type: ignore[dict-item]
    sign_in(client, connection)
    assert who(client) != ben


def test_one_identity_at_two_companies_is_two_people(
    client: Client, connection: SsoConnection, provider: Provider, other_tenant: Tenant
) -> None:
    sign_in(client, connection)
    neighbour = Client()
    sign_in(neighbour, connect(provider, other_tenant, "neighbour.example"))
    dora, other = who(client), who(neighbour)
    assert dora
    assert other
    assert (dora.tenant, other.tenant) == (connection.tenant, other_tenant)


def test_somebody_who_moved_to_another_company_is_refused(
    client: Client, connection: SsoConnection, other_tenant: Tenant
) -> None:
    sign_in(client, connection)
    User.objects.filter(username="dora").update(tenant=other_tenant)
    again = Client()
    assert sign_in(again, connection).status_code == 403
    assert who(again) is None


def lie_about(provider: Provider, kind: str) -> None:
    lies: dict[str, dict[str, Any]] = {
        "another request's nonce": {"nonce": "other"},
        "no nonce": {"nonce": None},
        "another audience": {"aud": "somebody-else"},
        "another issuer": {"iss": "https://evil.example"},
        "expired": {"exp": 1_000_000_000},
        "no end": {"exp": None},
    }
    provider.lies = lies.get(kind, {})
    if kind == "another key":
        provider.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "alg=none":
        provider.signs_with, provider.algorithm = "", "none"
    if kind == "a shared secret":
        provider.signs_with, provider.algorithm = "x" * 64, "HS256"
    if kind == "somebody else's profile":
        provider.userinfo = {"sub": "p-2"}
    if kind == "another name for itself":
        provider.config = {"issuer": "https://evil.example"}


@pytest.mark.parametrize(
    "kind",
    [
        "another request's nonce",
        "no nonce",
        "another audience",
        "another issuer",
        "expired",
        "no end",
        "another key",
        "alg=none",
        "a shared secret",
        "somebody else's profile",
        "another name for itself",
    ],
)
def test_a_provider_that_lies_lets_nobody_in(
    client: Client, connection: SsoConnection, provider: Provider, kind: str
) -> None:
    sent_to = leave(client, connection)
    lie_about(provider, kind)
    assert come_back(client, sent_to).status_code == 401
    assert who(client) is None
    assert not User.objects.exists()
    with tenant_scope(connection.tenant):
        assert [line.reason for line in LoginLog.objects.all()] == ["refused"]


def test_an_answer_counts_for_the_browser_that_asked_and_once(
    client: Client, connection: SsoConnection
) -> None:
    sent_to = leave(client, connection)
    stranger = Client()
    assert come_back(stranger, sent_to).status_code == 401
    assert who(stranger) is None
    at_provider = requests.get(sent_to, allow_redirects=False, timeout=5).headers["Location"]
    path = at_provider.removeprefix("http://testserver")
    assert client.get(path).status_code == 302
    again = Client()
    again.cookies = client.cookies
    assert again.get(path).status_code == 401


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?error=server_error", "?code=%00"])
def test_an_answer_without_sense_is_a_page(
    client: Client, connection: SsoConnection, query: str
) -> None:
    leave(client, connection)
    answer = client.get(f"/accounts/sso/{connection.name}/callback/{query}")
    assert answer.status_code == 401


def test_a_provider_that_sends_us_elsewhere_is_not_followed(
    connection: SsoConnection, provider: Provider, client: Client
) -> None:
    provider.config["jwks_uri"] = f"{provider.issuer}/moved"
    assert sign_in(client, connection).status_code == 401
    assert who(client) is None


def test_a_provider_that_is_away_is_a_page(connection: SsoConnection, client: Client) -> None:
    with all_tenants():
        SsoConnection.objects.update(issuer="http://127.0.0.1:9")
    assert client.get(f"/accounts/sso/{connection.name}/").status_code == 401


def test_a_closed_connection_is_not_there(client: Client, connection: SsoConnection) -> None:
    with all_tenants():
        SsoConnection.objects.update(is_enabled=False)
    for path in ("", "callback/"):
        assert client.get(f"/accounts/sso/{connection.name}/{path}").status_code == 404
    with all_tenants():
        SsoConnection.objects.update(is_enabled=True)
    Tenant.objects.update(status=Tenant.Status.SUSPENDED)
    assert client.get(f"/accounts/sso/{connection.name}/").status_code == 404


@pytest.mark.parametrize("typed", ["shop.example", " SHOP.example ", "dora@shop.example"])
def test_the_page_leads_to_the_company_one_names(
    client: Client, connection: SsoConnection, typed: str
) -> None:
    page = client.post("/accounts/sso/", {"domain": typed, "next": "/c/x/"}).content.decode()
    assert f'href="/accounts/sso/{connection.name}/?next=%2Fc%2Fx%2F"' in page


def test_a_company_nobody_knows_is_told_so(client: Client, db: None) -> None:
    page = client.post("/accounts/sso/", {"domain": "nobody.example"})
    assert "No company signs in under that domain." in page.content.decode()
    assert client.get("/accounts/sso/nothing/").status_code == 404


def test_the_client_secret_is_ciphertext_and_never_shown(
    client: Client, connection: SsoConnection, operator: User
) -> None:
    with all_tenants():
        (raw,) = SsoConnection.objects.extra(select={"raw": "client_secret"}).values_list(
            "raw", flat=True
        )
    assert "client-secret" not in raw
    client.force_login(operator)
    page = client.get(f"/admin/accounts/ssoconnection/{connection.pk}/change/").content.decode()
    assert "client-secret" not in page
    assert f"/accounts/sso/{connection.name}/callback/" in page


def test_operators_make_connections_and_a_tenant_keeps_its_own_going(
    client: Client, connection: SsoConnection, ada: User, operator: User, tenant: Tenant
) -> None:
    client.force_login(ada)
    at = f"/admin/accounts/ssoconnection/{connection.pk}/change/"
    form = {"client_id": "new", "is_enabled": "on", "domain": "stolen.example", "issuer": "x"}
    assert client.post(at, form).status_code == 302
    connection.refresh_from_db()
    assert (connection.client_id, connection.domain) == ("new", "shop.example")
    assert connection.client_secret == "client-secret", "left empty it stays"
    assert client.get("/admin/accounts/ssoconnection/add/").status_code == 403
    with tenant_scope(tenant):
        assert AuditEntry.objects.filter(action="sso.change", actor_label="ada").exists()
