"""A shop of departments: support, sales, and east below sales. Ben is of sales, Bea of support."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone

from chatbot.conversations.models import Conversation, Customer
from chatbot.conversations.states import State
from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.tests.factories import fresh
from chatplatform.tenants import services as tenants
from chatplatform.tenants.models import Department, Tenant
from tests.cast import person


@dataclass(frozen=True)
class Shop:
    tenant: Tenant
    sales: Department
    east: Department
    support: Department


@pytest.fixture
def shop(tenant: Tenant) -> Iterator[Shop]:
    """The departments, with the tenant's scope open."""
    with tenant_scope(tenant):
        sales = tenants.create_department(tenant=tenant, name="Sales", actor=SYSTEM)
        east = tenants.create_department(tenant=tenant, name="East", actor=SYSTEM, parent=sales)
        support = tenants.create_department(tenant=tenant, name="Support", actor=SYSTEM)
        yield Shop(tenant, sales, east, support)


@pytest.fixture
def ben(shop: Shop) -> User:
    return in_department(person(shop.tenant, "ben"), shop.sales)


@pytest.fixture
def bea(shop: Shop) -> User:
    return in_department(person(shop.tenant, "bea"), shop.support)


def in_department(user: User, department: Department | None) -> User:
    user.department = department
    user.save()
    return fresh(user)


def talk(
    tenant: Tenant,
    *,
    department: Department | None = None,
    agent: User | None = None,
    language: str = "en",
) -> Conversation:
    """A conversation that waits, or that this agent serves."""
    now = timezone.now()
    customer = Customer.objects.create(tenant=tenant, token_hash=public_id(), language=language)
    made: Conversation = Conversation.objects.create(
        tenant=tenant,
        customer=customer,
        department=department,
        agent=agent,
        language=language,
        state=State.ACTIVE if agent else State.QUEUED,
        queued_at=now,
    )
    return made
