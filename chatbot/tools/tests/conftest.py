from collections.abc import Iterator

import pytest

from chatbot.conversations import services as conversations
from chatbot.conversations.models import Conversation
from chatbot.tools import registry
from chatplatform.tenants.models import Tenant
from tests.web import Web, web_server


@pytest.fixture
def conversation(in_tenant: Tenant) -> Conversation:
    """Ana's, who gave no e-mail address."""
    return conversations.open_session(tenant=in_tenant, name="Ana").conversation


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tools that a test registers are gone after it."""
    monkeypatch.setattr(registry, "_tools", dict(registry._tools))


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as served:
        yield served
