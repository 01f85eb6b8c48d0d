"""What administrators set is what happens."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation
from chatbot.conversations.runtime_settings import ConversationSettings
from chatbot.conversations.services import OpenedSession, SessionClosed
from chatbot.conversations.states import State
from chatplatform.accounts.models import User
from chatplatform.configuration.testing import configured
from chatplatform.kernel.errors import InvalidInput
from chatplatform.tenants.models import Tenant
from realtime.testing import published

pytestmark = pytest.mark.usefixtures("in_tenant")


def closed_since(ana: OpenedSession, hours: float) -> Conversation:
    customer = authors.customer(ana.customer)
    closed = services.close_conversation(conversation=ana.conversation, actor=customer)
    closed.resolved_at = timezone.now() - timedelta(hours=hours)
    closed.save()
    return closed


def say(ana: OpenedSession, text: str = "Hello again") -> None:
    services.post_message(
        conversation=ana.conversation, author=authors.customer(ana.customer), text=text
    )


@pytest.mark.parametrize(("hours", "since", "opens"), [(2, 1.9, True), (2, 2.1, False)])
def test_a_conversation_reopens_for_as_long_as_is_set(
    ana: OpenedSession, tenant: Tenant, hours: int, since: float, opens: bool
) -> None:
    closed_since(ana, since)
    with configured(ConversationSettings, tenant, reopening_hours=hours):
        if opens:
            say(ana)
        else:
            with pytest.raises(SessionClosed):
                say(ana)
    ana.conversation.refresh_from_db()
    assert ana.conversation.state == (State.AI_ACTIVE if opens else State.RESOLVED)


def test_a_customers_message_is_as_long_as_is_set_and_an_agents_as_ever(
    ana: OpenedSession, tenant: Tenant, ben: User
) -> None:
    with configured(ConversationSettings, tenant, longest_message=100):
        say(ana, "x" * 100)
        with pytest.raises(InvalidInput) as refused:
            say(ana, "x" * 101)
        customer = authors.customer(ana.customer)
        services.request_transfer(conversation=ana.conversation, actor=customer)
        services.accept_conversation(conversation=ana.conversation, agent=ben)
        services.post_message(
            conversation=ana.conversation, author=authors.agent(ben), text="x" * 101
        )
    assert refused.value.extra["errors"] == [
        {"field": "text", "code": "string_too_long", "message": "At most 100 characters."}
    ]


def test_a_message_that_was_taken_is_the_same_again_even_if_now_too_long(
    ana: OpenedSession, tenant: Tenant
) -> None:
    customer = authors.customer(ana.customer)
    said: dict[str, Any] = {"conversation": ana.conversation, "author": customer, "text": "x" * 101}
    sent = services.post_message(**said, client_id="c-1")
    with configured(ConversationSettings, tenant, longest_message=100):
        again = services.post_message(**said, client_id="c-1")
    assert (again.message, again.created) == (sent.message, False)


@pytest.mark.parametrize("announced", [True, False])
def test_who_writes_is_shown_if_that_is_set(
    ana: OpenedSession, tenant: Tenant, announced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    monkeypatch.setattr(
        "chatbot.conversations.announcements.announce_typing",
        lambda conversation, author: heard.append(author.kind),
    )
    with configured(ConversationSettings, tenant, announces_typing=announced):
        customer = authors.customer(ana.customer)
        services.announce_typing(conversation=ana.conversation, author=customer)
        services.announce_typing(conversation=ana.conversation, author=authors.ai())
    assert heard == (["customer", "ai"] if announced else ["ai"])
    assert published("shop")
