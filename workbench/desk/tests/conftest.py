"""Conversations in the states that a desk shows."""

from collections.abc import Callable

import pytest
from django.test import Client

from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation, Message
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime import log

Opener = Callable[..., Conversation]


class Signed(Client):
    """A browser in which somebody is signed in; `fragment` asks as the console's scripts do."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user
        self.force_login(user)

    def fragment(self, url: str):  # type: ignore[no-untyped-def] # the test client's own response
        return self.get(url, headers={"HX-Request": "true"})

    def call(self, path: str, body: dict[str, object] | None = None):  # type: ignore[no-untyped-def] # likewise
        return self.post(f"/api/v1{path}", body or {}, content_type="application/json")


@pytest.fixture
def opened(in_tenant: Tenant) -> Opener:
    """Open a session in which the customer has said something."""

    def open_one(
        name: str = "Ana", text: str = "Hello?", email: str = "", language: str = "en"
    ) -> Conversation:
        conversation = services.open_session(
            tenant=in_tenant, name=name, email=email, language=language
        ).conversation
        says(conversation, text)
        return fresh(conversation)

    return open_one


@pytest.fixture
def waiting(opened: Opener) -> Opener:
    """Open a session whose customer waits for a person."""

    def wait_one(name: str = "Ana", reason: str = "", **more: str) -> Conversation:
        conversation = opened(name, **more)
        customer = authors.customer(conversation.customer)
        services.request_transfer(conversation=conversation, actor=customer, reason=reason)
        return fresh(conversation)

    return wait_one


@pytest.fixture
def served(waiting: Opener) -> Opener:
    """Open a session that an agent has accepted."""

    def serve_one(agent: User, name: str = "Ana", **more: str) -> Conversation:
        conversation = waiting(name, **more)
        services.accept_conversation(conversation=conversation, agent=agent)
        return fresh(conversation)

    return serve_one


@pytest.fixture
def at_bens(ben: User) -> Signed:
    return Signed(ben)


@pytest.fixture
def at_beas(bea: User) -> Signed:
    return Signed(bea)


@pytest.fixture
def at_sams(sam: User) -> Signed:
    log.position("neighbour")
    return Signed(sam)


def says(conversation: Conversation, text: str, agent: User | None = None) -> Message:
    """The customer says something, or the agent."""
    author = authors.agent(agent) if agent else authors.customer(conversation.customer)
    with tenant_scope(conversation.tenant):
        return services.post_message(conversation=conversation, author=author, text=text).message


def fresh(conversation: Conversation) -> Conversation:
    """The conversation as the database has it now."""
    found: Conversation = Conversation.objects.select_related("tenant", "customer", "agent").get(
        pk=conversation.pk
    )
    return found
