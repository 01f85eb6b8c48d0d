"""Seats, departments and positions: who is let in where."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatbot.conversations.tests.racing import together
from chatplatform.accounts import services
from chatplatform.accounts.models import User, may_sign_in
from chatplatform.accounts.organisation.places import DepartmentClosed, ForeignDepartment
from chatplatform.accounts.tests.factories import PASSWORD
from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Department, Position, Tenant
from chatplatform.tenants.quotas import QuotaExhausted
from chatplatform.tenants.services import change_department, create_department, delete_department
from chatplatform.tenants.services.departments import DepartmentInUse
from chatplatform.tenants.usage import usage_of


def used(tenant: Tenant) -> int | None:
    return next(line.used for line in usage_of(tenant) if line.metric is Metric.SEATS)


def make(tenant: Tenant, name: str = "Sales") -> Department:
    with tenant_scope(tenant):
        return create_department(tenant=tenant, name=name, actor=SYSTEM)


def save(user: User) -> None:
    services.save_user(user=user, actor=SYSTEM)


def hire(tenant: Tenant, name: str) -> User:
    return services.create_user(tenant=tenant, username=name, password=PASSWORD, actor=SYSTEM)


def version(tenant: Tenant) -> int:
    return Tenant.objects.get(pk=tenant.pk).access_version


def test_a_plan_ends_with_its_last_seat(tenant: Tenant, ben: User) -> None:
    tenant.limits = {"seats": 2}
    hire(tenant, "dora")
    with pytest.raises(QuotaExhausted):
        hire(tenant, "emil")
    assert not User.objects.filter(username="emil").exists()
    assert used(tenant) == 2


def test_who_is_switched_off_gives_her_seat_back(tenant: Tenant, ben: User) -> None:
    tenant.limits = {"seats": 1}
    tenant.save()
    ben.is_active = False
    save(ben)
    dora = hire(tenant, "dora")
    assert used(tenant) == 1
    ben.is_active = True
    with pytest.raises(QuotaExhausted):
        save(ben)
    dora.is_active = False
    save(dora)
    save(ben)
    assert used(tenant) == 1


def test_a_seat_is_spent_once_however_often_an_account_is_saved(tenant: Tenant, ben: User) -> None:
    for name in ("Ben", "Benny", "Benjamin"):
        ben.display_name = name
        save(ben)
    assert used(tenant) == 1


def test_a_seat_moves_with_the_person(tenant: Tenant, other_tenant: Tenant, ben: User) -> None:
    hire(tenant, "dora")
    hire(other_tenant, "emil")
    ben.tenant = other_tenant
    save(ben)
    assert (used(tenant), used(other_tenant)) == (1, 2)


def test_operators_take_no_seat(operator: User) -> None:
    operator.is_active = False
    save(operator)
    operator.is_active = True
    save(operator)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_last_seat_is_given_once(tenant: Tenant) -> None:
    tenant.limits = {"seats": 1}
    results = together(tenant, lambda: hire(tenant, "dora"), lambda: hire(tenant, "emil"))
    assert sum(isinstance(result, QuotaExhausted) for result in results) == 1
    assert User.objects.filter(tenant=tenant).count() == used(tenant) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_switched_off_twice_at_once_gives_one_seat_back(tenant: Tenant, ben: User) -> None:
    for name in ("dora", "emil"):
        hire(tenant, name)

    def switch_off() -> None:
        user = User.objects.get(username="dora")
        user.is_active = False
        services.save_user(user=user, actor=SYSTEM)

    together(tenant, switch_off, switch_off)
    assert used(tenant) == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_department_is_not_deleted_under_who_joins_it(tenant: Tenant, ben: User) -> None:
    sales = make(tenant)

    def join() -> None:
        user = User.objects.select_related("tenant").get(pk=ben.pk)
        user.department = sales
        services.save_user(user=user, actor=SYSTEM)

    results = together(tenant, join, lambda: delete_department(department=sales, actor=SYSTEM))
    ben.refresh_from_db()
    if isinstance(results[1], DepartmentInUse):
        assert ben.department_id == sales.pk
    else:
        assert isinstance(results[0], ForeignDepartment)
        assert ben.department_id is None


def test_department_and_position_are_the_companys_own(
    tenant: Tenant, other_tenant: Tenant, ben: User
) -> None:
    ben.department = make(other_tenant)
    with pytest.raises(ForeignDepartment):
        save(ben)
    ben.department = None
    with tenant_scope(other_tenant):
        ben.position = Position.objects.create(tenant=other_tenant, code="x", name="X")
    with pytest.raises(ForeignDepartment):
        save(ben)


def test_nobody_new_joins_a_closed_department(tenant: Tenant, ben: User, cleo: User) -> None:
    sales = make(tenant)
    ben.department = sales
    save(ben)
    with tenant_scope(tenant):
        closed = change_department(department=sales, active=False, actor=SYSTEM)
    ben.department, ben.display_name = closed, "Benny"
    save(ben)
    cleo.department = closed
    with pytest.raises(DepartmentClosed):
        save(cleo)


def test_what_touches_rights_changes_their_version_and_nothing_else_does(
    tenant: Tenant, ben: User
) -> None:
    sales, before = make(tenant), version(tenant)
    ben.display_name = "Benny"
    save(ben)
    assert version(tenant) == before
    ben.department = sales
    save(ben)
    joined = version(tenant)
    assert joined > before
    ben.is_active = False
    save(ben)
    assert version(tenant) > joined


def test_whoever_is_switched_off_stays_so_whatever_she_was_typing(
    tenant: Tenant, ben: User
) -> None:
    typing = User.objects.select_related("tenant").get(pk=ben.pk)
    ben.is_active = False
    save(ben)
    services.change_profile(user=typing, display_name="Benny", language="en")
    ben.refresh_from_db()
    assert (ben.is_active, ben.display_name) == (False, "Benny")


def test_of_an_expired_company_only_administrators_come_in(
    tenant: Tenant, ben: User, ada: User, operator: User
) -> None:
    Tenant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    people = {user.username: user.may_sign_in for user in User.objects.select_related("tenant")}
    assert people == {"ben": False, "ada": True, "olga": True}
    assert set(User.objects.filter(may_sign_in())) == {ada, operator}
    Tenant.objects.update(status=Tenant.Status.SUSPENDED)
    assert set(User.objects.filter(may_sign_in())) == {operator}


def test_an_open_company_lets_everyone_in(tenant: Tenant, ben: User, ada: User) -> None:
    Tenant.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert set(User.objects.filter(may_sign_in())) == {ben, ada}
    ben.is_active = False
    ben.save()
    assert set(User.objects.filter(may_sign_in())) == {ada}
