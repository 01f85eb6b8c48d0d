from chatbot.conversations import authors, services
from chatbot.conversations.services import OpenedSession
from chatplatform.accounts.models import User
from chatplatform.tenants.models import Tenant
from realtime import channels
from realtime.testing import published


def test_events_reach_those_who_listen_by_agent_or_by_language(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    conversation = ana.conversation
    assert set(published("shop")[-1].channels) == {
        channels.session(conversation.name),
        channels.department(None),
        channels.agent(None),
        channels.language("en"),
    }
    services.request_transfer(conversation=conversation, actor=authors.customer(ana.customer))
    services.accept_conversation(conversation=conversation, agent=ben)
    assert channels.agent(ben.pk) in published("shop")[-1].channels


def test_who_loses_a_conversation_hears_that_she_did(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    conversation = ana.conversation
    services.request_transfer(conversation=conversation, actor=authors.customer(ana.customer))
    services.accept_conversation(conversation=conversation, agent=ben)
    seen = len(published("shop"))
    services.return_to_ai(conversation=conversation, agent=ben)
    changed, said = published("shop")[seen:]
    assert (changed.type, said.type) == ("status_change", "new_message")
    assert channels.agent(ben.pk) in changed.channels
    assert channels.agent(ben.pk) not in said.channels
