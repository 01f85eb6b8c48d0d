"""What administrators and operators keep of a tenant's organisation, in the admin pages."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants import quotas, services
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import AllowedOrigin, Department, Plan, Position, Tenant
from chatplatform.tenants.selectors import origin_allowed
from chatplatform.tenants.usage import usage_of

TENANT_FORM = {
    "name": "Shop",
    "default_language": "en",
    "wait_timeout": 60,
    "idle_timeout": 600,
    "origins-TOTAL_FORMS": 0,
    "origins-INITIAL_FORMS": 0,
}


@pytest.fixture
def adas(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def olgas(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def make(tenant: Tenant, name: str, parent: Department | None = None) -> Department:
    with tenant_scope(tenant):
        return services.create_department(tenant=tenant, name=name, parent=parent, actor=SYSTEM)


def department(**which: object) -> Department:
    with all_tenants():
        found: Department = Department.objects.select_related("parent", "leader").get(**which)
    return found


def choices(page: str, field: str) -> list[str]:
    select = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.DOTALL)
    assert select, page
    return [name.strip() for name in re.findall(r"<option[^>]*>([^<]*)</option>", select[0])]


def test_the_tree_is_listed_as_a_tree(adas: Client, tenant: Tenant, other_tenant: Tenant) -> None:
    sales = make(tenant, "Sales")
    make(tenant, "Care")
    make(tenant, "Europe", sales)
    make(other_tenant, "Theirs")
    page = adas.get("/admin/tenants/department/").text
    places = [page.index(name) for name in ("Sales", "\u2003\u2003Europe", "Care")]
    assert places == sorted(places)
    assert "Theirs" not in page


def test_an_administrator_makes_moves_and_deletes_a_department(
    adas: Client, tenant: Tenant, ben: User
) -> None:
    sales = make(tenant, "Sales")
    form = {"name": "Europe", "parent": sales.pk, "leader": ben.pk}
    assert adas.post("/admin/tenants/department/add/", form).status_code == 302
    made = department(name="Europe")
    assert (made.code, made.parent, made.leader, made.tenant) == ("D002", sales, ben, tenant)
    path = f"/admin/tenants/department/{made.pk}"
    assert adas.post(f"{path}/change/", {"name": "North", "parent": ""}).status_code == 302
    moved = department(pk=made.pk)
    assert (moved.name, moved.parent, moved.active) == ("North", None, False)
    assert adas.post(f"{path}/delete/", {"post": "yes"}).status_code == 302
    with tenant_scope(tenant):
        assert list(Department.objects.all()) == [sales]
        actions = AuditEntry.objects.filter(actor_label="ada").order_by("id")
        assert list(actions.values_list("action", flat=True)) == [
            "department.create",
            "department.move",
            "department.change",
            "department.delete",
        ]


def test_a_department_hangs_only_where_it_fits(
    adas: Client, tenant: Tenant, other_tenant: Tenant, sam: User
) -> None:
    line = [make(tenant, "One")]
    for name in ("Two", "Three", "Four"):
        line.append(make(tenant, name, line[-1]))
    top = make(tenant, "Top")
    make(tenant, "Under", top)
    theirs = make(other_tenant, "Theirs")
    page = adas.get(f"/admin/tenants/department/{top.pk}/change/").text
    assert [name.strip() for name in choices(page, "parent")[1:]] == ["One", "Two", "Three"]
    assert "sam" not in choices(page, "leader")
    path = f"/admin/tenants/department/{top.pk}/change/"
    assert adas.post(path, {"name": "Top", "parent": theirs.pk}).status_code == 200
    assert adas.post(path, {"name": "Top", "leader": sam.pk}).status_code == 200
    assert department(pk=top.pk).parent is None


def test_a_department_with_members_is_not_deleted(adas: Client, tenant: Tenant, ben: User) -> None:
    sales = make(tenant, "Sales")
    User.objects.filter(pk=ben.pk).update(department=sales)
    page = adas.post(f"/admin/tenants/department/{sales.pk}/delete/", {"post": "yes"})
    assert page.status_code == 409
    assert "still has members" in page.text
    assert department(pk=sales.pk) == sales


def test_an_operator_says_whose_a_new_department_is(olgas: Client, tenant: Tenant) -> None:
    form = {"name": "Sales", "tenant": tenant.pk}
    assert olgas.post("/admin/tenants/department/add/", form).status_code == 302
    assert department(name="Sales").tenant == tenant


def test_another_tenants_rows_are_not_there(
    adas: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    theirs = make(other_tenant, "Theirs")
    with tenant_scope(other_tenant):
        position = Position.objects.create(tenant=other_tenant, code="x", name="X")
    for path in (f"department/{theirs.pk}", f"position/{position.pk}", f"tenant/{other_tenant.pk}"):
        answer = adas.get(f"/admin/tenants/{path}/change/")
        assert answer.status_code == 404, path


def test_positions_are_a_tenants_own(adas: Client, tenant: Tenant, other_tenant: Tenant) -> None:
    form = {"code": "lead", "name": "Shift leader", "rank": 3}
    with tenant_scope(other_tenant):
        Position.objects.create(tenant=other_tenant, code="lead", name="Theirs")
    assert adas.post("/admin/tenants/position/add/", form).status_code == 302
    again = adas.post("/admin/tenants/position/add/", form)
    assert "There is a position with this code." in again.text
    with tenant_scope(tenant):
        assert [row.name for row in Position.objects.all()] == ["Shift leader"]


def test_plans_are_the_operators_matter(olgas: Client, adas: Client, ada: User) -> None:
    form = {"code": "small", "name": "Small", "limit_seats": 5, "limit_ai_messages": ""}
    assert olgas.post("/admin/tenants/plan/add/", form).status_code == 302
    assert Plan.objects.get().limits == {"seats": 5}
    assert olgas.get("/admin/tenants/plan/").status_code == 200
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    assert adas.get("/admin/tenants/plan/").status_code == 403
    assert adas.get(f"/admin/tenants/plan/{Plan.objects.get().pk}/change/").status_code == 403


def test_an_operator_renews_and_limits_a_tenant(olgas: Client, tenant: Tenant) -> None:
    plan = Plan.objects.create(code="small", name="Small", limits={"seats": 5})
    form = {
        **TENANT_FORM,
        "status": "active",
        "plan": plan.pk,
        "expires_at_0": "2030-01-01",
        "expires_at_1": "00:00:00",
        "limit_seats": "-1",
        "limit_documents": "3",
    }
    path = f"/admin/tenants/tenant/{tenant.pk}/change/"
    assert olgas.post(path, form).status_code == 302
    tenant.refresh_from_db()
    assert tenant.plan == plan
    assert tenant.limits == {"seats": -1, "documents": 3}
    assert tenant.expires_at is not None
    assert 'value="3"' in olgas.get(path).text


def test_an_administrator_cannot_renew_her_tenant(adas: Client, tenant: Tenant) -> None:
    form = {**TENANT_FORM, "expires_at_0": "2099-01-01", "expires_at_1": "0:00", "limit_seats": 9}
    assert adas.post(f"/admin/tenants/tenant/{tenant.pk}/change/", form).status_code == 302
    tenant.refresh_from_db()
    assert (tenant.expires_at, tenant.limits) == (None, {})


def test_an_administrator_says_where_her_chat_may_be(adas: Client, tenant: Tenant) -> None:
    path = f"/admin/tenants/tenant/{tenant.pk}/change/"
    adding = {**TENANT_FORM, "origins-TOTAL_FORMS": 1, "origins-0-origin": "https://Shop.Example/"}
    assert adas.post(path, adding).status_code == 302
    assert not origin_allowed(tenant, "https://other.example")
    assert origin_allowed(tenant, "https://shop.example")
    wrong = adas.post(path, {**adding, "origins-0-origin": "shop.example"})
    assert "An origin is written like" in wrong.text
    with tenant_scope(tenant):
        row = AllowedOrigin.objects.get()
    removing = {
        **TENANT_FORM,
        "origins-TOTAL_FORMS": 1,
        "origins-INITIAL_FORMS": 1,
        "origins-0-id": row.pk,
        "origins-0-tenant": tenant.pk,
        "origins-0-DELETE": "on",
    }
    assert adas.post(path, removing).status_code == 302
    assert origin_allowed(tenant, "https://other.example")


def test_usage_is_looked_at_and_never_edited(adas: Client, tenant: Tenant) -> None:
    tenant.limits = {"ai_messages": 4}
    tenant.save()
    quotas.spend(tenant=tenant, metric=Metric.AI_MESSAGES)
    page = adas.get("/admin/tenants/usagecounter/").text
    assert '<progress max="100" value="25">' in page
    assert adas.get("/admin/tenants/usagecounter/add/").status_code == 403


def test_an_operator_has_usage_counted_again(
    olgas: Client, adas: Client, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotas.spend(tenant=tenant, metric=Metric.STORAGE, amount=5)
    monkeypatch.setitem(quotas._counts, Metric.STORAGE, lambda tenant: 2)
    action = {"action": "count_again", "_selected_action": [tenant.pk]}
    adas.post("/admin/tenants/tenant/", action)
    assert used(tenant) == 5
    assert olgas.post("/admin/tenants/tenant/", action).status_code == 302
    assert used(tenant) == 2


def used(tenant: Tenant) -> int | None:
    return next(line.used for line in usage_of(tenant) if line.metric is Metric.STORAGE)


@pytest.mark.parametrize("page", ["department", "position", "usagecounter", "tenant", "plan"])
def test_lists_cost_the_same_however_long(olgas: Client, page: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert olgas.get(f"/admin/tenants/{page}/").status_code == 200
        return len(queries)

    fill(1)
    cost()  # content types are read once
    one = cost()
    fill(19)
    assert cost() == one


def fill(rows: int) -> None:
    """That many more of everything, each in a tenant of its own."""
    for _ in range(rows):
        number = Tenant.objects.count()
        plan = Plan.objects.create(code=f"plan-{number}", name="Plan")
        shop = Tenant.objects.create(slug=f"s{number}", name="S", plan=plan)
        make(shop, "Department")
        with tenant_scope(shop):
            Position.objects.create(tenant=shop, code="p", name="Position")
        quotas.spend(tenant=shop, metric=Metric.STORAGE)
