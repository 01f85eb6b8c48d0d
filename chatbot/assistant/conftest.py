from collections.abc import Iterator

import pytest

from chatbot.assistant.providers import breaker
from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.tenants.models import Tenant
from tests.model_server import ModelServer, model_server


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def other_server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture(autouse=True)
def closed_breakers() -> Iterator[None]:
    breaker.forget()
    yield
    breaker.forget()


@pytest.fixture
def ada(tenant: Tenant) -> User:
    """The shop's administrator."""
    made: User = UserFactory.create(
        username="ada", tenant=tenant, role="administrator", is_staff=True
    )
    return made


@pytest.fixture
def operator(db: None) -> User:
    """Runs the installation and belongs to no tenant."""
    made: User = UserFactory.create(username="olga", tenant=None, is_staff=True, is_superuser=True)
    return made
