"""A shop with two departments and one below: Lea leads service, Ben is of it, Bea of sales."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.models import Role, Scope
from chatplatform.roles.tests.factories import fresh, give, role
from chatplatform.tenants import services as tenants
from chatplatform.tenants.models import Department, Position, Tenant
from tests.cast import person

SERVE = Q(codename__in=["serve_conversation", "route_conversation"])
LEAD = SERVE | Q(codename__in=["view_user", "add_user", "change_user", "view_department"])


@dataclass(frozen=True)
class Shop:
    tenant: Tenant
    service: Department
    after: Department
    sales: Department
    specialist: Position
    agents: Role  # of one's own department
    trainees: Role  # of one's own work
    leads: Role


@pytest.fixture
def shop(tenant: Tenant) -> Iterator[Shop]:
    """With the tenant's scope open."""
    with tenant_scope(tenant):
        service = tenants.create_department(tenant=tenant, name="Service", actor=SYSTEM)
        after = tenants.create_department(
            tenant=tenant, name="After-sales", actor=SYSTEM, parent=service
        )
        sales = tenants.create_department(tenant=tenant, name="Sales", actor=SYSTEM)
        specialist = Position.objects.create(tenant=tenant, code="specialist", name="Specialist")
        yield Shop(
            tenant,
            service,
            after,
            sales,
            specialist,
            role(tenant, SERVE, scope=Scope.DEPARTMENT, name="Agent here"),
            role(tenant, SERVE, scope=Scope.OWN, name="Trainee"),
            role(tenant, LEAD, scope=Scope.DEPARTMENT_TREE, name="Lead"),
        )


def stands(user: User, department: Department, *roles: Role) -> User:
    user.department = department
    user.save()
    return give(user, *roles)


@pytest.fixture
def lea(shop: Shop) -> User:
    return stands(person(shop.tenant, "lea"), shop.service, shop.leads)


@pytest.fixture
def ben(shop: Shop) -> User:
    return stands(person(shop.tenant, "ben"), shop.after, shop.agents)


@pytest.fixture
def bea(shop: Shop) -> User:
    return stands(person(shop.tenant, "bea"), shop.sales, shop.agents)


class Signed(Client):
    """A browser in which somebody is signed in."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user
        self.force_login(user)

    def send(self, method: str, path: str, body: Any = None):  # type: ignore[no-untyped-def] # the test client's own response
        call = getattr(self, method)
        return call(f"/api/v1{path}", {} if body is None else body, content_type="application/json")


@pytest.fixture
def at_leas(lea: User) -> Signed:
    return Signed(lea)


def role_names(user: User) -> set[str]:
    return set(Role.objects.filter(group__user=user).values_list("name", flat=True))


def again(user: User) -> User:
    return fresh(user)
