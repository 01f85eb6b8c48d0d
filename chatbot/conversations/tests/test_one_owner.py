"""A conversation has one owner; whoever comes second learns who has it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession, StateConflict
from chatbot.conversations.states import State
from chatbot.conversations.tests.racing import together
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.testing import published


@pytest.fixture
def waiting(in_tenant: Tenant, ana: OpenedSession) -> Conversation:
    """Ana waits for a person."""
    services.request_transfer(
        conversation=ana.conversation, actor=authors.customer(ana.customer), reason="A refund"
    )
    return ana.conversation


@pytest.fixture
def served(waiting: Conversation, ben: User) -> Conversation:
    """Ben serves Ana."""
    return services.accept_conversation(conversation=waiting, agent=ben)


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_who_accept_at_once_one_wins_and_the_other_learns_who(
    tenant: Tenant, ana: OpenedSession, ben: User, bea: User
) -> None:
    with tenant_scope(tenant):
        customer = authors.customer(ana.customer)
        services.request_transfer(conversation=ana.conversation, actor=customer)
        copies = [Conversation.objects.get(pk=ana.conversation.pk) for _ in range(2)]

    results = together(
        tenant,
        lambda: services.accept_conversation(conversation=copies[0], agent=ben),
        lambda: services.accept_conversation(conversation=copies[1], agent=bea),
    )

    winners = [
        result.agent for result in results if isinstance(result, Conversation) and result.agent
    ]
    losers = [result for result in results if isinstance(result, StateConflict)]
    assert len(winners) == len(losers) == 1
    assert losers[0].extra["session"]["agent"] == {
        "id": winners[0].pk,
        "name": winners[0].public_name,
    }
    assert winners[0].public_name in str(losers[0].detail)
    accepted = [event for event in published("shop") if event.payload.get("reason") == "accept"]
    assert len(accepted) == 1
    with tenant_scope(tenant):
        assert AuditEntry.objects.filter(action="conversation.accept").count() == 1


def test_accepting_again_what_one_has_changes_nothing(served: Conversation, ben: User) -> None:
    before = len(published("shop"))
    services.accept_conversation(conversation=served, agent=ben)
    assert served.version == 3
    assert len(published("shop")) == before


def test_the_conflict_of_a_late_agent_carries_the_truth(
    served: Conversation, ben: User, bea: User
) -> None:
    with pytest.raises(StateConflict) as conflict:
        services.accept_conversation(conversation=served, agent=bea)
    session = conflict.value.extra["session"]
    assert conflict.value.status == 409
    assert session["status"] == "active"
    assert session["agent"] == {"id": ben.pk, "name": "Ben"}


@pytest.mark.parametrize("deed", ["close", "return", "message", "typing"])
def test_an_agent_who_does_not_serve_may_not_touch_the_conversation(
    served: Conversation, bea: User, deed: str
) -> None:
    late = authors.agent(bea)
    deeds: dict[str, Callable[[], object]] = {
        "close": lambda: services.close_conversation(conversation=served, actor=late),
        "return": lambda: services.return_to_ai(conversation=served, agent=bea),
        "message": lambda: services.post_message(conversation=served, author=late, text="Hello"),
        "typing": lambda: services.announce_typing(conversation=served, author=late),
    }
    before = len(published("shop"))
    with pytest.raises(StateConflict):
        deeds[deed]()
    served.refresh_from_db()
    assert (served.state, served.version) == (State.ACTIVE, 3)
    assert len(published("shop")) == before


def test_an_agent_cannot_speak_before_accepting(waiting: Conversation, ben: User) -> None:
    with pytest.raises(StateConflict):
        services.post_message(conversation=waiting, author=authors.agent(ben), text="Hello")


def test_a_returned_conversation_belongs_to_the_ai_again(served: Conversation, ben: User) -> None:
    services.return_to_ai(conversation=served, agent=ben)
    served.refresh_from_db()
    assert (served.state, served.agent) == (State.AI_ACTIVE, None)


def test_a_closed_conversation_remembers_who_served_it(served: Conversation, ben: User) -> None:
    services.close_conversation(conversation=served, actor=authors.agent(ben))
    served.refresh_from_db()
    assert (served.state, served.agent) == (State.RESOLVED, ben)
    assert served.resolved_at is not None


def test_closing_what_is_closed_changes_nothing(served: Conversation, ana: OpenedSession) -> None:
    customer = authors.customer(ana.customer)
    services.close_conversation(conversation=served, actor=customer)
    before = len(published("shop"))
    stale = Conversation.objects.get(pk=served.pk)
    services.close_conversation(conversation=stale, actor=customer)
    assert stale.version == 4
    assert len(published("shop")) == before


def test_asking_twice_for_a_person_asks_once(waiting: Conversation, ana: OpenedSession) -> None:
    asked_at, before = waiting.queued_at, len(published("shop"))
    again = services.request_transfer(
        conversation=waiting, actor=authors.customer(ana.customer), reason="Again"
    )
    waiting.refresh_from_db()
    assert again is False
    assert (waiting.queued_at, waiting.transfer_reason) == (asked_at, "A refund")
    assert len(published("shop")) == before


def test_nobody_asks_for_a_person_who_has_one(served: Conversation, ana: OpenedSession) -> None:
    with pytest.raises(StateConflict):
        services.request_transfer(conversation=served, actor=authors.customer(ana.customer))


def test_a_customer_may_stop_waiting(waiting: Conversation, ana: OpenedSession) -> None:
    customer = authors.customer(ana.customer)
    services.cancel_transfer(conversation=waiting, actor=customer)
    before = len(published("shop"))
    services.cancel_transfer(conversation=waiting, actor=customer)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.version) == (State.AI_ACTIVE, 3)
    assert len(published("shop")) == before


def test_a_customer_who_is_being_served_cannot_stop_waiting(
    served: Conversation, ana: OpenedSession
) -> None:
    with pytest.raises(StateConflict):
        services.cancel_transfer(conversation=served, actor=authors.customer(ana.customer))


def test_the_database_refuses_an_active_conversation_without_an_agent(
    served: Conversation,
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=served.pk).update(agent=None)


def test_a_change_and_its_event_are_undone_together(waiting: Conversation, ben: User) -> None:
    before = len(published("shop"))
    with transaction.atomic():
        services.accept_conversation(conversation=waiting, agent=ben)
        transaction.set_rollback(True)
    assert Conversation.objects.get(pk=waiting.pk).state == State.QUEUED
    assert len(published("shop")) == before
