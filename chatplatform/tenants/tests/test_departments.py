"""The tree of departments keeps its shape whatever is asked of it."""

from typing import Any

import pytest

from chatbot.conversations.tests.racing import together
from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants import services
from chatplatform.tenants.models import Department, Tenant
from chatplatform.tenants.services import departments


def make(tenant: Tenant, name: str, parent: Department | None = None) -> Department:
    with tenant_scope(tenant):
        return services.create_department(tenant=tenant, name=name, parent=parent, actor=SYSTEM)


def chain(tenant: Tenant, *names: str) -> list[Department]:
    """One below the other, the first at the root."""
    made: list[Department] = []
    for name in names:
        made.append(make(tenant, name, made[-1] if made else None))
    return made


def path(department: Department) -> str:
    with all_tenants():
        found: str = Department.objects.get(pk=department.pk).path
    return found


def move(department: Department, parent: Department | None) -> Department:
    with tenant_scope(department.tenant):
        return services.move_department(department=department, parent=parent, actor=SYSTEM)


def access_version(tenant: Tenant) -> int:
    return Tenant.objects.get(pk=tenant.pk).access_version


def lines(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def assert_is_tree(tenant: Tenant) -> None:
    """Every path is the parent's path and the own id, and none is deeper than five."""
    with tenant_scope(tenant):
        rows = {row.pk: row for row in Department.objects.all()}
    for row in rows.values():
        above = rows[row.parent_id].path if row.parent_id else ""
        assert row.path == f"{above}{row.pk}/"
        assert row.level <= 5


def test_a_department_hangs_below_its_parent(tenant: Tenant) -> None:
    sales, europe = chain(tenant, "Sales", "Europe")
    assert (sales.path, sales.level) == (f"{sales.pk}/", 1)
    assert (europe.path, europe.level) == (f"{sales.pk}/{europe.pk}/", 2)
    assert lines(tenant) == ["department.create", "department.create"]


def test_codes_are_numbered_in_each_tenant_and_never_given_twice(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    first, second = make(tenant, "Sales"), make(tenant, "Returns")
    with tenant_scope(tenant):
        services.delete_department(department=second, actor=SYSTEM)
    third = make(tenant, "Care")
    assert [first.code, second.code, third.code] == ["D001", "D002", "D003"]
    assert make(other_tenant, "Sales").code == "D001"


def test_the_sixth_level_is_refused(tenant: Tenant) -> None:
    *_, fifth = chain(tenant, "1", "2", "3", "4", "5")
    with pytest.raises(departments.DepartmentTooDeep) as refused:
        make(tenant, "6", fifth)
    assert refused.value.status == 400


def test_all_below_a_moved_department_move_with_it(tenant: Tenant) -> None:
    sales, europe, north = chain(tenant, "Sales", "Europe", "North")
    care = make(tenant, "Care")
    moved = move(europe, care)
    assert moved.path == path(europe) == f"{care.pk}/{europe.pk}/"
    assert path(north) == f"{care.pk}/{europe.pk}/{north.pk}/"
    assert path(sales) == f"{sales.pk}/"
    move(europe, None)
    assert path(north) == f"{europe.pk}/{north.pk}/"
    assert_is_tree(tenant)


@pytest.mark.parametrize("below", [0, 1, 2])
def test_a_department_is_not_moved_below_itself(tenant: Tenant, below: int) -> None:
    line = chain(tenant, "Sales", "Europe", "North")
    with pytest.raises(departments.DepartmentCycle) as refused:
        move(line[0], line[below])
    assert refused.value.status == 400
    assert_is_tree(tenant)


def test_a_moved_tree_keeps_to_five_levels(tenant: Tenant) -> None:
    *_, fourth = chain(tenant, "1", "2", "3", "4")
    top, _under = chain(tenant, "a", "b")
    with pytest.raises(departments.DepartmentTooDeep):
        move(top, fourth)
    assert path(top) == f"{top.pk}/"


def test_a_number_is_not_mistaken_for_the_beginning_of_a_longer_one(tenant: Tenant) -> None:
    above = make(tenant, "Above")
    with tenant_scope(tenant):
        short, long = (
            Department.objects.create(pk=pk, tenant=tenant, code=str(pk), path=f"{pk}/")
            for pk in (1_000_007, 10_000_070)
        )
    move(short, above)
    assert path(short) == f"{above.pk}/{short.pk}/"
    assert path(long) == f"{long.pk}/"
    assert_is_tree(tenant)


def test_a_parent_of_another_tenant_is_unknown(tenant: Tenant, other_tenant: Tenant) -> None:
    theirs, ours = make(other_tenant, "Theirs"), make(tenant, "Ours")
    with all_tenants(), pytest.raises(departments.UnknownDepartment):
        services.move_department(department=ours, parent=theirs, actor=SYSTEM)
    with all_tenants(), pytest.raises(departments.UnknownDepartment):
        services.create_department(tenant=tenant, name="New", parent=theirs, actor=SYSTEM)


def test_a_leader_belongs_to_the_same_company(tenant: Tenant, ben: User, sam: User) -> None:
    sales = make(tenant, "Sales")
    with tenant_scope(tenant):
        changed = services.change_department(department=sales, leader=ben, actor=SYSTEM)
        assert changed.leader == ben
        with pytest.raises(departments.ForeignLeader):
            services.change_department(department=sales, leader=sam, actor=SYSTEM)
        services.change_department(department=sales, leader=None, actor=SYSTEM)
        assert Department.objects.get().leader is None


def test_a_change_says_before_and_after(tenant: Tenant, ben: User) -> None:
    sales = make(tenant, "Sales")
    with tenant_scope(tenant):
        services.change_department(
            department=sales, name="Care", active=False, leader=ben, actor=SYSTEM
        )
        line = AuditEntry.objects.get(action="department.change")
    assert line.before == {"name": "Sales", "active": True, "leader": None}
    assert line.after == {"name": "Care", "active": False, "leader": "ben"}
    assert line.target_id == "D001"


def test_a_change_of_nothing_leaves_no_line(tenant: Tenant) -> None:
    sales = make(tenant, "Sales")
    with tenant_scope(tenant):
        services.change_department(department=sales, name="Sales", actor=SYSTEM)
    move(sales, None)
    assert lines(tenant) == ["department.create"]


def test_a_department_with_members_or_children_stays(tenant: Tenant, ben: User) -> None:
    sales, europe = chain(tenant, "Sales", "Europe")
    User.objects.filter(pk=ben.pk).update(department=europe)
    for full in (sales, europe):
        with tenant_scope(tenant), pytest.raises(departments.DepartmentInUse) as refused:
            services.delete_department(department=full, actor=SYSTEM)
        assert refused.value.status == 409


def test_an_empty_department_can_be_deleted(tenant: Tenant) -> None:
    sales = make(tenant, "Sales")
    with tenant_scope(tenant):
        services.delete_department(department=sales, actor=SYSTEM)
        assert not Department.objects.exists()
        with pytest.raises(departments.UnknownDepartment):
            services.change_department(department=sales, name="Late", actor=SYSTEM)
    assert lines(tenant) == ["department.create", "department.delete"]


def test_every_change_of_the_tree_changes_the_version_of_rights(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    seen = [access_version(tenant)]
    sales, care = make(tenant, "Sales"), make(tenant, "Care")
    seen.append(access_version(tenant))
    move(care, sales)
    seen.append(access_version(tenant))
    with tenant_scope(tenant):
        services.change_department(department=care, name="Help", actor=SYSTEM)
        seen.append(access_version(tenant))
        services.delete_department(department=care, actor=SYSTEM)
    seen.append(access_version(tenant))
    assert seen == sorted(set(seen))
    assert access_version(other_tenant) == 1


def test_a_tenant_saved_from_an_old_copy_keeps_its_counters(tenant: Tenant, ada: User) -> None:
    make(tenant, "Sales")
    before = access_version(tenant)
    tenant.name = "New name"  # this copy was read before the department was made
    services.save_tenant(tenant=tenant, by=ada)
    assert access_version(tenant) == before
    assert make(tenant, "Care").code == "D002"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_moves_that_would_close_a_circle_together_do_not(tenant: Tenant) -> None:
    one, two = make(tenant, "One"), make(tenant, "Two")
    results = together(tenant, lambda: move(one, two), lambda: move(two, one))
    assert sum(isinstance(result, departments.DepartmentCycle) for result in results) == 1
    assert_is_tree(tenant)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_departments_made_at_once_get_different_codes(tenant: Tenant) -> None:
    calls: list[Any] = [lambda: make(tenant, "New") for _ in range(4)]
    made = together(tenant, *calls)
    assert {department.code for department in made} == {"D001", "D002", "D003", "D004"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_never_reach_the_sixth_level(tenant: Tenant) -> None:
    *_, third = chain(tenant, "1", "2", "3")
    top, under = chain(tenant, "a", "b")
    late = make(tenant, "late")
    results = together(tenant, lambda: move(top, third), lambda: move(late, under))
    refused = [r for r in results if isinstance(r, departments.DepartmentTooDeep)]
    assert len(refused) == 1
    assert_is_tree(tenant)
