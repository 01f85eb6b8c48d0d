from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession
from chatplatform.accounts.models import User
from chatplatform.tenants.models import Department, Tenant
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


def test_a_message_goes_to_the_department_that_it_is_for_by_now(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    before, now = (
        Department.objects.create(tenant=in_tenant, code=code, name=code) for code in "ab"
    )
    Conversation.objects.update(department=before)
    read_before = Conversation.objects.get(pk=ana.conversation.pk)
    Conversation.objects.update(department=now)
    services.post_message(
        conversation=read_before, author=authors.customer(ana.customer), text="Hello"
    )
    heard = published("shop")[-1].channels
    assert channels.department(now.pk) in heard
    assert channels.department(before.pk) not in heard
