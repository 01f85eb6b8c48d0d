"""The cast of these rooms: Ben serves, Cleo supervises, Ada administers, Sam is a stranger."""

import pytest

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.tests.factories import TenantFactory


@pytest.fixture
def tenant(db: None) -> Tenant:
    return TenantFactory.create(slug="shop")


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    return TenantFactory.create(slug="neighbour")


@pytest.fixture
def ben(tenant: Tenant) -> User:
    return UserFactory.create(username="ben", tenant=tenant)


@pytest.fixture
def cleo(tenant: Tenant) -> User:
    return UserFactory.create(username="cleo", tenant=tenant, role="supervisor")


@pytest.fixture
def ada(tenant: Tenant) -> User:
    return UserFactory.create(username="ada", tenant=tenant, role="administrator", is_staff=True)


@pytest.fixture
def sam(other_tenant: Tenant) -> User:
    return UserFactory.create(username="sam", tenant=other_tenant)


@pytest.fixture
def operator(db: None) -> User:
    """Runs the installation and belongs to no tenant."""
    return UserFactory.create(username="olga", tenant=None, is_staff=True, is_superuser=True)
