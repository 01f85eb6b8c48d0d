"""The cast of these rooms: Ben serves, Cleo supervises, Ada administers, Sam is a stranger."""

import pytest

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.tests.factories import TenantFactory


@pytest.fixture
def tenant(db: None) -> Tenant:
    made: Tenant = TenantFactory.create(slug="shop")
    return made


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    made: Tenant = TenantFactory.create(slug="neighbour")
    return made


@pytest.fixture
def ben(tenant: Tenant) -> User:
    made: User = UserFactory.create(username="ben", tenant=tenant)
    return made


@pytest.fixture
def cleo(tenant: Tenant) -> User:
    made: User = UserFactory.create(username="cleo", tenant=tenant, role="supervisor")
    return made


@pytest.fixture
def ada(tenant: Tenant) -> User:
    made: User = UserFactory.create(
        username="ada", tenant=tenant, role="administrator", is_staff=True
    )
    return made


@pytest.fixture
def sam(other_tenant: Tenant) -> User:
    made: User = UserFactory.create(username="sam", tenant=other_tenant)
    return made


@pytest.fixture
def operator(db: None) -> User:
    """Runs the installation and belongs to no tenant."""
    made: User = UserFactory.create(username="olga", tenant=None, is_staff=True, is_superuser=True)
    return made
