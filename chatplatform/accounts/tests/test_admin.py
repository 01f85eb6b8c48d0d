from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime import publish
from realtime.models import Event

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

GOOD = "long-enough-and-odd-1"


@pytest.fixture
def adas(ada: User, client: Client) -> Client:
    """The browser of a tenant's administrator."""
    client.force_login(ada)
    return client


@pytest.fixture
def olgas(operator: User, client: Client) -> Client:
    """The browser of the installation's operator."""
    client.force_login(operator)
    return client


def audit_lines(tenant: Tenant) -> list[tuple[str, str, str]]:
    with tenant_scope(tenant):
        return list(AuditEntry.objects.values_list("action", "target_id", "actor_label"))


def user_form(**changes: Any) -> dict[str, Any]:
    new = {"username": "dora", "password1": GOOD, "password2": GOOD, "usable_password": "true"}
    return {**new, "is_active": "on", **changes}


def test_every_list_and_form_opens_for_an_operator(olgas: Client) -> None:
    for model in admin.site._registry:
        at = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert olgas.get(at).status_code == 200, at
        assert olgas.get(f"{at}?q=x").status_code == 200, at
        assert olgas.get(f"{at}add/").status_code in (200, 403), at


def test_every_list_opens_for_a_tenants_superuser_too(adas: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    for model in admin.site._registry:
        at = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert adas.get(at).status_code in (200, 403), at


def test_agents_have_no_business_in_the_admin(client: Client, ben: User) -> None:
    client.force_login(ben)
    assert client.get("/admin/accounts/user/").status_code == 302


@pytest.mark.parametrize("superuser", [False, True])
def test_an_administrator_sees_her_own_tenants_people_only(
    adas: Client, ada: User, ben: User, sam: User, superuser: bool
) -> None:
    User.objects.filter(pk=ada.pk).update(is_superuser=superuser)
    page = adas.get("/admin/accounts/user/").content.decode()
    assert ">ben<" in page
    assert ">sam<" not in page
    assert adas.get(f"/admin/accounts/user/{ben.pk}/change/").status_code == 200
    for rest in ("change", "password", "history"):
        response = adas.get(f"/admin/accounts/user/{sam.pk}/{rest}/")
        assert response.status_code in (302, 404), rest


def test_people_an_administrator_makes_belong_to_her_tenant(
    adas: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    agents = Group.objects.get(name="agent").pk
    form = user_form(tenant=other_tenant.pk, is_superuser="on", groups=[agents])
    response = adas.post("/admin/accounts/user/add/", form)
    assert response.status_code == 302
    dora = User.objects.get(username="dora")
    assert (dora.tenant, dora.is_superuser) == (tenant, False)
    assert [group.name for group in dora.groups.all()] == ["agent"]
    assert ("user.create", "dora", "ada") in audit_lines(tenant)


def test_an_administrator_gives_no_group_that_may_more_than_she(adas: Client) -> None:
    mighty = Group.objects.create(name="mighty")
    mighty.permissions.add(Permission.objects.get(codename="delete_group"))
    response = adas.post("/admin/accounts/user/add/", user_form(groups=[mighty.pk]))
    assert response.status_code == 200, "the form is shown again"
    assert not User.objects.filter(username="dora").exists()


def test_nobody_takes_a_neighbours_name_in_another_case(adas: Client, ada: User, sam: User) -> None:
    form = {"username": "SAM", "is_active": "on", "is_staff": "on"}
    page = adas.post(f"/admin/accounts/user/{ada.pk}/change/", form)
    assert page.status_code == 200
    assert "already exists" in page.content.decode()
    ada.refresh_from_db()
    assert ada.username == "ada"


def test_an_administrator_cannot_take_over_a_superuser(adas: Client, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_superuser=True)
    new = {"password1": GOOD, "password2": GOOD, "usable_password": "true"}
    assert adas.post(f"/admin/accounts/user/{ben.pk}/password/", new).status_code == 403
    assert adas.post(f"/admin/accounts/user/{ben.pk}/change/", user_form()).status_code == 403


def test_nobody_is_deleted(olgas: Client, ben: User, tenant: Tenant) -> None:
    assert olgas.post(f"/admin/accounts/user/{ben.pk}/delete/", {"post": "yes"}).status_code == 403
    path = f"/admin/tenants/tenant/{tenant.pk}/delete/"
    assert olgas.post(path, {"post": "yes"}).status_code == 403


def test_groups_are_the_operators_matter(adas: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    assert adas.get("/admin/auth/group/").status_code == 404, "roles stand for them"


def test_an_administrator_edits_her_tenant_and_no_other(
    adas: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    form = {
        "slug": "stolen",
        "status": "suspended",
        "name": "New name",
        "default_language": "zh-hans",
        "wait_timeout": 60,
        "idle_timeout": 600,
        "origins-TOTAL_FORMS": 0,
        "origins-INITIAL_FORMS": 0,
    }
    assert adas.post(f"/admin/tenants/tenant/{tenant.pk}/change/", form).status_code == 302
    tenant.refresh_from_db()
    assert (tenant.name, tenant.slug, tenant.status) == ("New name", "shop", "active")
    assert ("tenant.change", "shop", "ada") in audit_lines(tenant)
    adas.post(f"/admin/tenants/tenant/{other_tenant.pk}/change/", form)
    other_tenant.refresh_from_db()
    assert other_tenant.name == "Neighbour"
    assert adas.get("/admin/tenants/tenant/add/").status_code == 403


def test_history_is_looked_at_and_never_edited(
    adas: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    own = audit.record(tenant=tenant, actor=SYSTEM, action="shop.open", target="here")
    other = audit.record(tenant=other_tenant, actor=SYSTEM, action="shop.open", target="there")
    page = adas.get("/admin/audit/auditentry/").content.decode()
    assert "here" in page
    assert "there" not in page.replace("there is", "")
    assert adas.get(f"/admin/audit/auditentry/{own.pk}/change/").status_code == 200
    assert adas.get(f"/admin/audit/auditentry/{other.pk}/change/").status_code == 404
    for verb in ("change", "delete"):
        path = f"/admin/audit/auditentry/{own.pk}/{verb}/"
        assert adas.post(path, {"action": "forged", "post": "yes"}).status_code == 403
    assert adas.get("/admin/audit/auditentry/add/").status_code == 403


def test_a_tenants_superuser_sees_its_own_event_log_only(
    adas: Client, ada: User, tenant: Tenant, other_tenant: Tenant
) -> None:
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    for log in (tenant.slug, other_tenant.slug):
        publish.broadcast("bell", {"of": log}, source="system", log=log)
    page = adas.get("/admin/realtime/log/").content.decode()
    assert "shop" in page
    assert "neighbour" not in page
    foreign = Event.objects.get(log__name="neighbour")
    assert adas.get(f"/admin/realtime/event/{foreign.pk}/change/").status_code == 404
    assert adas.get("/admin/realtime/event/").status_code == 200


def test_the_list_of_people_asks_as_often_for_20_as_for_2(
    adas: Client, tenant: Tenant, django_assert_max_num_queries: Any
) -> None:
    from chatplatform.accounts.tests.factories import UserFactory

    UserFactory.create_batch(20, tenant=tenant)
    adas.get("/admin/accounts/user/")
    with django_assert_max_num_queries(16):
        adas.get("/admin/accounts/user/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_admin_speaks_both_languages(adas: Client, ada: User, language: str) -> None:
    User.objects.filter(pk=ada.pk).update(language=language)
    response = adas.get("/admin/")
    assert response.headers["Content-Language"] == language
    assert f'lang="{language}"' in response.content.decode().lower()
