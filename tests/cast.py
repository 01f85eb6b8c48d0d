"""Who plays in the tests: Ana asks, Ben and Bea serve, Cleo supervises, Sam is a stranger."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group

from chatbot.conversations import services
from chatbot.conversations.services import OpenedSession
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

PASSWORD = "cast-pass-1234"


def person(tenant: Tenant, username: str, *, role: str = "agent") -> User:
    """A user of that tenant in that role, with PASSWORD."""
    user: User = User.objects.create_user(
        username, password=PASSWORD, tenant=tenant, display_name=username.capitalize()
    )
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def tenant(db: None) -> Tenant:
    """The shop where the play is set."""
    return Tenant.objects.create(slug="shop", name="Shop", default_language="en")


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    """Whose rows nobody of the shop may see."""
    return Tenant.objects.create(slug="neighbour", name="Neighbour", default_language="en")


@pytest.fixture
def in_tenant(tenant: Tenant) -> Iterator[Tenant]:
    """The shop, with its tenant scope open for the whole test."""
    with tenant_scope(tenant):
        yield tenant


@pytest.fixture
def ana(tenant: Tenant) -> OpenedSession:
    """A customer with an open session: `ana.conversation`, `ana.customer`, `ana.token`."""
    return services.open_session(tenant=tenant, name="Ana")


@pytest.fixture
def ben(tenant: Tenant) -> User:
    return person(tenant, "ben")


@pytest.fixture
def bea(tenant: Tenant) -> User:
    return person(tenant, "bea")


@pytest.fixture
def cleo(tenant: Tenant) -> User:
    return person(tenant, "cleo", role="supervisor")


@pytest.fixture
def sam(other_tenant: Tenant) -> User:
    return person(other_tenant, "sam")
