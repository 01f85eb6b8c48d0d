import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils.translation import override

from chatplatform.accounts.models import User
from chatplatform.roles.defaults import ROLES, grant_roles
from chatplatform.roles.models import Role
from chatplatform.roles.tests.conftest import Shop

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]


def permissions(role: str) -> set[str]:
    found = Group.objects.get(name=role).permissions.select_related("content_type")
    return {f"{each.content_type.app_label}.{each.codename}" for each in found}


def test_migrating_makes_every_role() -> None:
    assert {group.name for group in Group.objects.all()} >= set(ROLES)


def test_an_agent_serves_and_administers_nothing() -> None:
    assert permissions("agent") == {
        "conversations.serve_conversation",
        "conversations.route_conversation",
        "tools.approve_toolcall",
        "evaluation.collect_case",
    }


def test_a_supervisor_reads_what_an_agent_may_not_and_changes_people_and_reviews() -> None:
    more = permissions("supervisor") - permissions("agent")
    assert "audit.view_auditentry" in more
    changes = {name for name in more if not name.partition(".")[2].startswith("view_")}
    assert changes == {"accounts.change_user", "moderation.change_hit"}


def test_an_administrator_makes_people_but_removes_no_tenant() -> None:
    assert "accounts.add_user" in permissions("administrator")
    assert "tenants.delete_tenant" not in permissions("administrator")


def test_what_an_operator_added_to_a_role_stays() -> None:
    agents = Group.objects.get(name="agent")
    agents.permissions.add(*Group.objects.get(name="supervisor").permissions.all())
    grant_roles()
    assert "audit.view_auditentry" in permissions("agent")


def test_the_installation_s_roles_are_called_in_the_reader_s_language(shop: Shop) -> None:
    agents = Role.objects.get(tenant=None, name="agent")
    own = Role.objects.create(
        tenant=shop.tenant, name="agent", group=Group.objects.create(name="shop/agent")
    )
    with override("zh-hans"):
        assert (agents.title, str(agents), own.title) == ("坐席", "坐席", "agent")
    with override("en"):
        assert (agents.title, own.title) == ("Agent", "agent")


def test_pages_call_the_installation_s_roles_so(ada: User, ben: User) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(ada)
    assert "主管" in client.get("/admin/roles/role/").content.decode()
    page = client.get("/admin/accounts/user/").content.decode()
    assert "坐席" in page
    assert ">agent<" not in page
    assert "管理员" in client.get(f"/admin/accounts/user/{ben.pk}/change/").content.decode()
