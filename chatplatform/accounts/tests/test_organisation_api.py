"""Departments, positions and usage over HTTP: who may what, and how it is refused."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.models import Role, Scope
from chatplatform.tenants import quotas, services
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Department, Plan, Position, Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.workbench"), pytest.mark.django_db]

DEPARTMENTS = "/api/v1/departments"


class Caller:
    """Someone signed in, with a fresh browser."""

    def __init__(self, user: User) -> None:
        self.client = APIClient()
        self.client.force_login(user)

    def calls(self, method: str, path: str, body: Any = None) -> Any:
        return getattr(self.client, method)(path, body, format="json")


@pytest.fixture
def at_adas(ada: User) -> Caller:
    return Caller(ada)


def make(tenant: Tenant, name: str, parent: Department | None = None) -> Department:
    with tenant_scope(tenant):
        return services.create_department(tenant=tenant, name=name, parent=parent, actor=SYSTEM)


def reaches(user: User, scope: Scope, *codenames: str) -> None:
    """Give the user this role and no other."""
    group = Group.objects.create(name=f"only {user.username}")
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    Role.objects.create(group=group, tenant=user.tenant, name="only", scope=scope)
    user.groups.set([group])


def test_the_tree_is_answered_as_a_tree(at_adas: Caller, tenant: Tenant, ben: User) -> None:
    sales = make(tenant, "Sales")
    europe = make(tenant, "Europe", sales)
    make(tenant, "Care")
    User.objects.filter(pk=ben.pk).update(department=europe)
    with tenant_scope(tenant):
        services.change_department(department=europe, leader=ben, actor=SYSTEM)
    care, root = at_adas.calls("get", DEPARTMENTS).json()["results"]
    assert (care["name"], care["children"]) == ("Care", [])
    assert (root["code"], root["level"], root["parent"], root["members"]) == ("D001", 1, None, 0)
    (below,) = root["children"]
    assert (below["level"], below["parent"], below["members"]) == (2, "D001", 1)
    assert below["leader"] == {"id": ben.pk, "username": "ben", "name": "Ben"}


def test_a_department_is_made_changed_moved_and_deleted(
    at_adas: Caller, tenant: Tenant, ben: User
) -> None:
    made = at_adas.calls("post", DEPARTMENTS, {"name": "Sales", "leader": "ben"})
    assert made.status_code == 201
    assert made.json() == {
        "code": "D001",
        "name": "Sales",
        "level": 1,
        "parent": None,
        "leader": {"id": ben.pk, "username": "ben", "name": "Ben"},
        "active": True,
        "members": 0,
    }
    below = at_adas.calls("post", DEPARTMENTS, {"name": "Europe", "parent": "D001"}).json()
    assert (below["code"], below["level"]) == ("D002", 2)
    changed = at_adas.calls("patch", f"{DEPARTMENTS}/D002", {"name": "North", "active": False})
    assert (changed.json()["name"], changed.json()["active"]) == ("North", False)
    cleared = at_adas.calls("patch", f"{DEPARTMENTS}/D001", {"leader": None})
    assert (cleared.json()["leader"], cleared.json()["name"]) == (None, "Sales")
    moved = at_adas.calls("post", f"{DEPARTMENTS}/D002/move", {"parent": None})
    assert (moved.json()["level"], moved.json()["parent"]) == (1, None)
    assert at_adas.calls("delete", f"{DEPARTMENTS}/D002").status_code == 204
    with tenant_scope(tenant):
        assert Department.objects.count() == 1
        lines = AuditEntry.objects.filter(target_type="department", actor_label="ada")
        assert lines.count() == 6


@pytest.mark.parametrize(
    ("parent", "code"),
    [("D001", "department_cycle"), ("D002", "department_cycle"), ("D009", "unknown_department")],
)
def test_what_would_be_no_tree_is_refused(
    at_adas: Caller, tenant: Tenant, parent: str, code: str
) -> None:
    make(tenant, "Europe", make(tenant, "Sales"))
    answer = at_adas.calls("post", f"{DEPARTMENTS}/D001/move", {"parent": parent})
    assert (answer.status_code, answer.json()["code"]) == (
        404 if code == "unknown_department" else 400,
        code,
    )


def test_a_sixth_level_is_400_and_a_full_department_409(
    at_adas: Caller, tenant: Tenant, ben: User
) -> None:
    above = None
    for number in range(5):
        above = make(tenant, str(number), above)
    answer = at_adas.calls("post", DEPARTMENTS, {"name": "6", "parent": "D005"})
    assert (answer.status_code, answer.json()["code"]) == (400, "department_too_deep")
    User.objects.filter(pk=ben.pk).update(department=above)
    for code in ("D001", "D005"):
        full = at_adas.calls("delete", f"{DEPARTMENTS}/{code}")
        assert (full.status_code, full.json()["code"]) == (409, "department_in_use")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": " "},
        {"name": "x" * 81},
        {"name": 5},
        {"name": "a\0b"},
        {"name": "Sales", "parent": 1},
        {"name": "Sales", "code": "D1"},
        {"name": "Sales", "leader": "sam"},
        {"name": "Sales", "leader": "nobody"},
        [],
    ],
)
def test_a_body_that_is_not_right_is_400(at_adas: Caller, sam: User, body: Any) -> None:
    answer = at_adas.calls("post", DEPARTMENTS, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("code", ["D009", "%00", "%ff", "x" * 300, "..", "D001%20"])
@pytest.mark.parametrize(
    ("method", "ending", "body"),
    [("patch", "", {"name": "X"}), ("delete", "", None), ("post", "/move", {"parent": None})],
)
def test_a_code_that_nobody_has_is_404(
    at_adas: Caller, tenant: Tenant, method: str, ending: str, body: Any, code: str
) -> None:
    make(tenant, "Sales")
    assert at_adas.calls(method, f"{DEPARTMENTS}/{code}{ending}", body).status_code == 404


@pytest.mark.parametrize(
    ("method", "ending", "body"),
    [("patch", "", {"name": "X"}), ("delete", "", None), ("post", "/move", {"parent": None})],
)
def test_another_tenants_codes_are_404(
    tenant: Tenant, other_tenant: Tenant, method: str, ending: str, body: Any
) -> None:
    make(other_tenant, "Theirs")
    root = UserFactory.create(username="root", tenant=tenant, is_superuser=True)
    for caller in (Caller(root), Caller(UserFactory.create(tenant=tenant, role="administrator"))):
        answer = caller.calls(method, f"{DEPARTMENTS}/D001{ending}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_department")
        assert caller.calls("get", DEPARTMENTS).json() == {"results": []}
        wanted = {"name": "Ours", "parent": "D001"}
        assert caller.calls("post", DEPARTMENTS, wanted).status_code == 404


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_only_administrators_change_the_tree(tenant: Tenant, role: str) -> None:
    make(tenant, "Sales")
    caller = Caller(UserFactory.create(tenant=tenant, role=role))
    assert caller.calls("post", DEPARTMENTS, {"name": "New"}).status_code == 403
    assert caller.calls("patch", f"{DEPARTMENTS}/D001", {"name": "New"}).status_code == 403
    assert caller.calls("delete", f"{DEPARTMENTS}/D001").status_code == 403
    assert caller.calls("post", f"{DEPARTMENTS}/D001/move", {"parent": None}).status_code == 403


def test_agents_see_no_contract_and_nobody_sees_anything_signed_out(ben: User) -> None:
    for path in (DEPARTMENTS, "/api/v1/positions", "/api/v1/usage"):
        assert APIClient().get(path).status_code == 401
    assert Caller(ben).calls("get", "/api/v1/usage").status_code == 403


def test_an_operator_has_no_organisation(operator: User) -> None:
    for path in (DEPARTMENTS, "/api/v1/positions", "/api/v1/usage"):
        assert Caller(operator).calls("get", path).status_code == 403


def test_who_reaches_her_own_part_keeps_to_it(tenant: Tenant, ben: User) -> None:
    sales, _care = make(tenant, "Sales"), make(tenant, "Care")
    make(tenant, "Europe", sales)
    User.objects.filter(pk=ben.pk).update(department=sales)
    reaches(ben, Scope.DEPARTMENT_TREE, "view_department", "add_department", "change_department")
    caller = Caller(ben)
    (root,) = caller.calls("get", DEPARTMENTS).json()["results"]
    assert (root["name"], [child["name"] for child in root["children"]]) == ("Sales", ["Europe"])
    assert caller.calls("patch", f"{DEPARTMENTS}/D002", {"name": "Mine"}).status_code == 404
    below = caller.calls("post", DEPARTMENTS, {"name": "North", "parent": "D001"})
    assert below.status_code == 201
    out = caller.calls("post", DEPARTMENTS, {"name": "Root"})
    assert (out.status_code, out.json()["code"]) == (403, "left_scope")
    away = caller.calls("post", f"{DEPARTMENTS}/D003/move", {"parent": None})
    assert (away.status_code, away.json()["code"]) == (403, "left_scope")
    with tenant_scope(tenant):
        assert not Department.objects.filter(name="Root").exists()
        assert Department.objects.get(code="D003").parent == sales


def test_positions_are_listed_by_rank(
    at_adas: Caller, tenant: Tenant, other_tenant: Tenant
) -> None:
    for owner, code, rank in [(tenant, "b", 2), (tenant, "a", 9), (other_tenant, "c", 1)]:
        with tenant_scope(owner):
            Position.objects.create(tenant=owner, code=code, name=code.upper(), rank=rank)
    assert at_adas.calls("get", "/api/v1/positions").json() == {
        "results": [{"code": "b", "name": "B", "rank": 2}, {"code": "a", "name": "A", "rank": 9}]
    }


def test_usage_tells_what_is_used_of_what(at_adas: Caller, tenant: Tenant) -> None:
    tenant.plan = Plan.objects.create(code="small", name="Small", limits={"ai_messages": 5})
    tenant.save()
    quotas.spend(tenant=tenant, metric=Metric.AI_MESSAGES, amount=2)
    answer = at_adas.calls("get", "/api/v1/usage").json()
    assert (answer["plan"], answer["expires_at"]) == ({"code": "small", "name": "Small"}, None)
    lines = {line["metric"]: line for line in answer["metrics"]}
    assert list(lines) == list(Metric)
    answers, seats = lines["ai_messages"], lines["seats"]
    assert (answers["used"], answers["limit"]) == (2, 5)
    assert answers["period"] == quotas.period_of(Metric.AI_MESSAGES)
    assert (seats["used"], seats["limit"], seats["period"]) == (1, None, "")
    assert lines["requests_per_minute"]["used"] is None


@pytest.mark.parametrize("path", [DEPARTMENTS, "/api/v1/positions"])
def test_a_list_costs_the_same_however_long(at_adas: Caller, tenant: Tenant, path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert at_adas.calls("get", path).status_code == 200
        return len(queries)

    def add(rows: int) -> None:
        for _ in range(rows):
            made = make(tenant, "Department")
            person = UserFactory.create(tenant=tenant, department=made)
            with tenant_scope(tenant):
                services.change_department(department=made, leader=person, actor=SYSTEM)
                Position.objects.create(tenant=tenant, code=made.code.lower(), name="Position")

    add(1)
    cost()
    one = cost()
    add(19)
    cost()  # rights have changed, and are read again
    assert cost() == one
