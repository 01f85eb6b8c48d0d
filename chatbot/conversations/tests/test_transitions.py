from typing import Any

import pytest
from django.db import transaction

from chatbot.conversations import authors
from chatbot.conversations.models import Conversation, Timer
from chatbot.conversations.states import TIMERS, TRANSITIONS, State
from chatbot.conversations.tests.factories import conversation_in
from chatbot.conversations.transitions import StateConflict, move
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.tenants.models import Tenant

NEEDS: dict[str, tuple[str, ...]] = {State.ACTIVE: ("agent",), State.QUEUED: ("queued_at",)}
PAIRS = [(name, state) for name in TRANSITIONS for state in State]


def carry_out(conversation: Conversation, name: str, ben: User) -> None:
    """The transition with what its target state needs."""
    values: dict[str, Any] = {"agent": ben, "queued_at": conversation.created_at}
    changes = {field: values[field] for field in NEEDS.get(TRANSITIONS[name].target, ())}
    with transaction.atomic():
        move(conversation, name, actor=authors.system(), **changes)


@pytest.mark.parametrize(("name", "state"), PAIRS)
def test_a_transition_works_from_its_sources_and_from_nowhere_else(
    in_tenant: Tenant, ben: User, name: str, state: State
) -> None:
    conversation = conversation_in(state, tenant=in_tenant, agent=ben)
    if state in TRANSITIONS[name].sources:
        carry_out(conversation, name, ben)
        conversation.refresh_from_db()
        assert (conversation.state, conversation.version) == (TRANSITIONS[name].target, 2)
    else:
        with pytest.raises(StateConflict):
            carry_out(conversation, name, ben)
        conversation.refresh_from_db()
        assert (conversation.state, conversation.version) == (state, 1)


def test_every_state_can_be_reached_and_every_state_can_be_left() -> None:
    assert {move.target for move in TRANSITIONS.values()} == set(State)
    assert set().union(*(move.sources for move in TRANSITIONS.values())) == set(State)


def test_every_state_says_which_timers_run_in_it() -> None:
    assert set(TIMERS) == set(State)


@pytest.mark.parametrize("name", TRANSITIONS)
def test_the_timers_follow_the_state(in_tenant: Tenant, ben: User, name: str) -> None:
    sources, target = TRANSITIONS[name]
    conversation = conversation_in(sorted(sources)[0], tenant=in_tenant, agent=ben)
    carry_out(conversation, name, ben)
    wound = Timer.objects.filter(conversation=conversation).values_list("kind", flat=True)
    assert tuple(wound) == TIMERS[target]


def test_a_transition_leaves_one_audit_line(in_tenant: Tenant, ben: User) -> None:
    conversation = conversation_in(State.QUEUED, tenant=in_tenant, agent=ben)
    carry_out(conversation, "accept", ben)
    line = AuditEntry.objects.get(target_id=conversation.name)
    assert line.action == "conversation.accept"
    assert line.data == {"from": "queued", "to": "active", "version": 2}


def test_whoever_read_an_older_version_loses_even_in_the_right_state(
    in_tenant: Tenant, ben: User
) -> None:
    conversation = conversation_in(State.QUEUED, tenant=in_tenant, agent=ben)
    stale = Conversation.objects.get(pk=conversation.pk)
    carry_out(conversation, "cancel_transfer", ben)
    carry_out(conversation, "request_transfer", ben)
    with pytest.raises(StateConflict) as conflict:
        carry_out(stale, "accept", ben)
    assert conflict.value.extra["session"]["version"] == 3


def test_a_transition_outside_a_transaction_is_refused(
    transactional_db: None, in_tenant: Tenant, ben: User
) -> None:
    conversation = conversation_in(State.QUEUED, tenant=in_tenant, agent=ben)
    with pytest.raises(transaction.TransactionManagementError):
        move(conversation, "cancel_transfer", actor=authors.system())
