"""The pages where roles are made, given and looked at, and the menu is arranged."""

import json
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.knowledge.models import Article
from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.admin import VisibleRows
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.models import MenuOverride, Role, Scope
from chatplatform.roles.tests.conftest import Shop, in_department, talk
from chatplatform.roles.tests.factories import fresh, give, role
from chatplatform.tenants.models import Tenant
from realtime.testing import published

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

GOOD = "long-enough-and-odd-1"
PEOPLE = Q(content_type__app_label="accounts", content_type__model="user")


def key(codename: str) -> str:
    return str(Permission.objects.get(codename=codename).pk)


def browser(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = Client()
    client.force_login(user)
    return client


def role_form(**changes: Any) -> dict[str, Any]:
    new = {"name": "Night shift", "enabled": "on", "scope": "own", "constraints": "{}"}
    return {**new, "permissions": [key("serve_conversation")], **changes}


@pytest.fixture
def adas(ada: User) -> Client:
    return browser(ada)


def test_an_administrator_makes_a_role_of_her_tenant(adas: Client, shop: Shop, ada: User) -> None:
    limits = {"conversations.conversation": {"language": "en"}}
    form = role_form(scope="custom", departments=[shop.sales.pk], constraints=json.dumps(limits))
    answer = adas.post("/admin/roles/role/add/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    made = Role.objects.get(name="Night shift")
    assert (made.tenant, made.scope, made.constraints) == (shop.tenant, Scope.CUSTOM, limits)
    assert list(made.departments.all()) == [shop.sales]
    assert [each.codename for each in made.group.permissions.all()] == ["serve_conversation"]
    line = AuditEntry.objects.get(action="role.create")
    assert line.after["permissions"] == ["conversations.serve_conversation"]
    assert line.actor_label == "ada"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"constraints": '{"conversations.conversation": {"password__startswith": "a"}}'},
            "language",
        ),
        ({"constraints": "{not json"}, "JSON"),
        ({"constraints": "[1]"}, "object"),
        ({"scope": "custom"}, "at least one"),
        ({"scope": "everywhere"}, "choice"),
        ({"name": ""}, "required"),
        ({"name": "x" * 61}, "60"),
        ({"permissions": ["999999"]}, "choice"),
        ({"permissions": ["x"]}, "choice"),
    ],
)
def test_what_makes_no_sense_is_shown_again(
    adas: Client, shop: Shop, change: dict[str, Any], fault: str
) -> None:
    answer = adas.post("/admin/roles/role/add/", role_form(**change))
    assert answer.status_code == 200
    assert fault in answer.content.decode()
    assert not Role.objects.filter(tenant=shop.tenant).exists()


def test_permissions_are_offered_in_words_and_only_ones_own(adas: Client, ada: User) -> None:
    page = adas.get("/admin/roles/role/add/").content.decode()
    assert "Can hand customers to departments" in page
    assert f'value="{key("change_user")}"' in page
    assert f'value="{key("delete_tenant")}"' not in page
    assert f'value="{key("delete_group")}"' not in page


def test_the_neighbours_roles_and_departments_are_not_there(
    adas: Client, shop: Shop, other_tenant: Tenant, ben: User
) -> None:
    theirs = role(other_tenant, ["serve_conversation"], name="Neighbourly")
    own = role(shop.tenant, ["serve_conversation"], name="Homely")
    page = adas.get("/admin/roles/role/").content.decode()
    assert "Homely" in page
    assert "Neighbourly" not in page
    for address in (f"/admin/accounts/user/{ben.pk}/change/", "/admin/accounts/user/"):
        page = adas.get(address).content.decode()
        assert "Homely" in page
        assert "Neighbourly" not in page
    for rest in ("change", "delete", "history"):
        assert adas.get(f"/admin/roles/role/{theirs.pk}/{rest}/").status_code in (302, 404)
    answer = adas.post(f"/admin/accounts/user/{ben.pk}/change/", {"groups": [theirs.group_id]})
    assert answer.status_code == 200, "no such choice"
    assert own.group_id not in ben.groups.values_list("pk", flat=True)


def test_the_installations_roles_are_looked_at_by_tenants(adas: Client, operator: User) -> None:
    agent = Role.objects.get(tenant=None, name="agent")
    address = f"/admin/roles/role/{agent.pk}/change/"
    assert "can serve customers" in adas.get(address).content.decode().lower()
    assert adas.post(address, role_form()).status_code == 403
    olgas = browser(operator)
    answer = olgas.post(address, role_form(name="agent", scope="department"))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    agent.refresh_from_db()
    assert agent.scope == Scope.DEPARTMENT


def test_roles_are_given_on_the_persons_page(
    adas: Client, shop: Shop, ben: User, cleo: User
) -> None:
    mine = role(shop.tenant, ["serve_conversation"], name="Homely")
    form = {"username": "ben", "is_active": "on", "groups": [mine.group_id]}
    answer = adas.post(f"/admin/accounts/user/{ben.pk}/change/", form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert list(ben.groups.values_list("pk", flat=True)) == [mine.group_id]
    line = AuditEntry.objects.get(action="user.set_roles")
    assert (line.before["roles"], line.after["roles"]) == (["agent"], ["Homely"])


def test_what_the_administration_changes_is_told_to_open_consoles(
    adas: Client, shop: Shop, ben: User
) -> None:
    in_department(ben, shop.east)
    form = {"username": "ben", "is_active": "on", "department": shop.sales.pk}
    answer = adas.post(f"/admin/accounts/user/{ben.pk}/change/", form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    told = published(shop.tenant.slug)[-1]
    assert (told.type, told.payload) == ("person_change", {"user": "ben"})
    both = {f"sse:department:{each.pk}" for each in (shop.east, shop.sales)}
    assert both <= set(told.channels), "who sees her no more hears it, and who sees her now"


def test_who_may_less_neither_edits_nor_strips_who_may_more(
    shop: Shop, ben: User, cleo: User
) -> None:
    """A team lead manages agents; the supervisor's account, and her roles, are beyond her."""
    lead = give(ben, role(shop.tenant, PEOPLE | Q(codename="serve_conversation")))
    bens = browser(lead)
    address = f"/admin/accounts/user/{cleo.pk}"
    assert bens.post(f"{address}/change/", {"username": "cleo"}).status_code == 403
    new = {"password1": GOOD, "password2": GOOD, "usable_password": "true"}
    assert bens.post(f"{address}/password/", new).status_code == 403
    assert [group.name for group in cleo.groups.all()] == ["supervisor"]


def test_a_manager_of_a_department_makes_people_of_it_only(
    shop: Shop, ben: User, bea: User
) -> None:
    manager = give(ben, role(shop.tenant, PEOPLE, scope=Scope.DEPARTMENT_TREE))
    bens = browser(manager)
    page = bens.get("/admin/accounts/user/").content.decode()
    assert ">ben<" in page
    assert ">bea<" not in page
    assert bens.get(f"/admin/accounts/user/{bea.pk}/change/").status_code == 404

    def makes(department: Any) -> int:
        form = {
            **{"username": "dora", "password1": GOOD, "password2": GOOD},
            **{"usable_password": "true", "is_active": "on", "department": department},
        }
        return bens.post("/admin/accounts/user/add/", form).status_code

    assert makes(shop.support.pk) == 403
    assert makes("") == 403
    assert not User.objects.filter(username="dora").exists(), "taken back"
    assert makes(shop.east.pk) == 302
    dora = User.objects.get(username="dora")
    moved = {"username": "dora", "is_active": "on", "department": shop.support.pk}
    assert bens.post(f"/admin/accounts/user/{dora.pk}/change/", moved).status_code == 403
    assert fresh(dora).department == shop.east


def test_an_editor_of_one_language_writes_no_other(shop: Shop, ben: User) -> None:
    limit = {"knowledge.article": {"language": "en", "published": False}}
    about = Q(content_type__app_label="knowledge")
    bens = browser(give(ben, role(shop.tenant, about, constraints=limit)))
    form = {"title": "Fees", "body": "Eight.", "language": "zh-hans"}
    refused = bens.post("/admin/knowledge/article/add/", form).content.decode()
    assert "beyond what your roles let you see" in refused
    assert not Article.objects.exists()
    assert bens.post("/admin/knowledge/article/add/", {**form, "language": "en"}).status_code == 302
    article = Article.objects.get()
    body = {"action": "publish", "_selected_action": [article.pk]}
    told = bens.post("/admin/knowledge/article/", body, follow=True).content.decode()
    assert "beyond what your roles let you see" in told
    article.refresh_from_db()
    assert not article.published
    write(shop.tenant, "Terms")
    assert "Terms" not in bens.get("/admin/knowledge/article/").content.decode()


def test_conversations_in_the_admin_are_those_of_the_console(
    shop: Shop, ben: User, bea: User
) -> None:
    about = Q(content_type__app_label__in=["conversations", "assistant", "audit"])
    bens = browser(give(ben, role(shop.tenant, about, scope=Scope.DEPARTMENT)))
    hers = talk(shop.tenant, department=shop.sales)
    other = talk(shop.tenant, department=shop.support, agent=bea)
    page = bens.get("/admin/conversations/conversation/").content.decode()
    assert hers.name in page
    assert other.name not in page
    assert "bea" not in page, "not even as a filter"
    assert bens.get(f"/admin/conversations/conversation/{other.pk}/change/").status_code == 404
    assert bens.get(f"/admin/conversations/customer/{other.customer.pk}/change/").status_code == 404


def test_every_model_with_a_rule_is_listed_by_it() -> None:
    open_lists = {
        model._meta.label
        for model, page in admin.site._registry.items()
        if hasattr(model, "visibility") and not isinstance(page, VisibleRows)
    }
    assert open_lists <= {"api_keys.ApiKey", "accounts.ApiKey"}, "asks `visible_to` itself"


def test_a_menu_is_arranged(adas: Client, shop: Shop, other_tenant: Tenant) -> None:
    form = {"key": "desk.all", "order": "-5", "hidden": ""}
    answer = adas.post("/admin/roles/menuoverride/add/", form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert MenuOverride.objects.get().tenant == shop.tenant
    again = adas.post("/admin/roles/menuoverride/add/", {**form, "hidden": "on"})
    assert again.status_code == 302
    assert MenuOverride.objects.get().hidden
    unknown = adas.post("/admin/roles/menuoverride/add/", {**form, "key": "nowhere"})
    assert unknown.status_code == 200
    with tenant_scope(other_tenant):
        assert not MenuOverride.objects.exists()


@pytest.mark.parametrize("page", ["roles/role", "accounts/user", "knowledge/article"])
def test_lists_cost_the_same_for_one_and_for_twenty(adas: Client, shop: Shop, page: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert adas.get(f"/admin/{page}/").status_code == 200
        return len(asked)

    def add(number: int) -> None:
        made = role(shop.tenant, ["serve_conversation"], name=f"Role {number}")
        user = User.objects.create_user(f"u{number}", tenant=shop.tenant)
        give(in_department(user, shop.sales), made)
        write(shop.tenant, f"Article {number}")

    add(0)
    cost()
    one = cost()
    for number in range(1, 20):
        add(number)
    assert cost() == one
