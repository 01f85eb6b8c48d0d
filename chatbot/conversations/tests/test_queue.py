from collections.abc import Callable
from typing import Any

import pytest

from chatbot.conversations import authors, selectors, services
from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.states import State
from chatbot.conversations.tests.factories import ConversationFactory, MessageFactory
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.testing import published

QueryLimit = Callable[[int], Any]


def waiting_line(tenant: Tenant, length: int) -> list[Conversation]:
    return [ConversationFactory.create(tenant=tenant, waiting=True) for _ in range(length)]


def test_customers_stand_in_the_order_they_asked(in_tenant: Tenant) -> None:
    line = waiting_line(in_tenant, 3)
    assert [selectors.queue_position(waiting) for waiting in line] == [1, 2, 3]
    rows = selectors.conversations().filter(state=State.QUEUED).order_by("pk")
    assert [selectors.listed_session(row).queue_position for row in rows] == [1, 2, 3]


def test_two_who_asked_in_the_same_instant_have_different_places(in_tenant: Tenant) -> None:
    first, second = waiting_line(in_tenant, 2)
    Conversation.objects.update(queued_at=first.queued_at)
    places = [selectors.session_answer(waiting).queue_position for waiting in (first, second)]
    assert places == [1, 2]


def test_another_tenants_queue_does_not_count(in_tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(other_tenant):
        waiting_line(other_tenant, 2)
    (mine,) = waiting_line(in_tenant, 1)
    assert selectors.session_answer(mine).queue_position == 1
    with all_tenants():
        unscoped = selectors.conversations().get(pk=mine.pk)
    assert selectors.listed_session(unscoped).queue_position == 1


def test_who_does_not_wait_has_no_place(in_tenant: Tenant, ana: OpenedSession) -> None:
    assert selectors.queue_position(ana.conversation) is None
    assert selectors.session_answer(ana.conversation).queue_position is None


def test_those_behind_hear_that_the_queue_moved_and_those_ahead_do_not(
    in_tenant: Tenant, ben: User
) -> None:
    _ahead, leaving, *behind = waiting_line(in_tenant, 4)
    services.accept_conversation(conversation=leaving, agent=ben)
    moved = published("shop")[-1]
    assert moved.type == "queue_change"
    assert moved.payload == {}
    assert moved.channels == [f"sse:session:{waiting.name}" for waiting in behind]


def test_the_last_in_the_queue_leaves_silently(in_tenant: Tenant, ben: User) -> None:
    _ahead, last = waiting_line(in_tenant, 2)
    services.accept_conversation(conversation=last, agent=ben)
    assert "queue_change" not in [event.type for event in published("shop")]


@pytest.mark.parametrize("leave", ["cancel", "close", "time out"])
def test_the_queue_moves_however_somebody_leaves_it(in_tenant: Tenant, leave: str) -> None:
    leaving, _behind = waiting_line(in_tenant, 2)
    customer = authors.customer(leaving.customer)
    ways: dict[str, Callable[[], object]] = {
        "cancel": lambda: services.cancel_transfer(conversation=leaving, actor=customer),
        "close": lambda: services.close_conversation(conversation=leaving, actor=customer),
        "time out": lambda: services.time_out_wait(leaving),
    }
    ways[leave]()
    assert published("shop")[-1].type == "queue_change"


def test_agents_see_their_tenants_conversations_last_active_first(
    in_tenant: Tenant, other_tenant: Tenant, ben: User
) -> None:
    with tenant_scope(other_tenant):
        ConversationFactory.create(tenant=other_tenant)
    older, newer = (ConversationFactory.create(tenant=in_tenant) for _ in range(2))
    assert list(selectors.conversations_for(ben)) == [newer, older]
    customer = authors.customer(older.customer)
    services.post_message(conversation=older, author=customer, text="Hello")
    assert list(selectors.conversations_for(ben)) == [older, newer]


def test_the_queue_lists_who_waits_longest_first(in_tenant: Tenant, ben: User) -> None:
    line = waiting_line(in_tenant, 3)
    ConversationFactory.create(tenant=in_tenant)
    assert list(selectors.conversations_for(ben, status="queued")) == line


def test_mine_are_those_i_serve_or_served(in_tenant: Tenant, ben: User, bea: User) -> None:
    first, second, third = waiting_line(in_tenant, 3)
    services.accept_conversation(conversation=first, agent=ben)
    services.accept_conversation(conversation=second, agent=bea)
    services.accept_conversation(conversation=third, agent=ben)
    services.close_conversation(conversation=third, actor=authors.agent(ben))
    assert set(selectors.conversations_for(ben, mine=True)) == {first, third}
    assert list(selectors.conversations_for(ben, mine=True, status="active")) == [first]


def test_an_unknown_status_is_refused(in_tenant: Tenant, ben: User) -> None:
    with pytest.raises(InvalidInput):
        selectors.conversations_for(ben, status="lost")


@pytest.mark.parametrize("rows", [1, 20])
def test_a_list_takes_one_query_however_long(
    in_tenant: Tenant, ben: User, rows: int, django_assert_num_queries: QueryLimit
) -> None:
    for waiting in waiting_line(in_tenant, rows):
        services.accept_conversation(conversation=waiting, agent=ben)
    waiting_line(in_tenant, rows)
    with django_assert_num_queries(1):
        listed = [selectors.listed_session(row) for row in selectors.conversations_for(ben)]
    assert len(listed) == 2 * rows


@pytest.mark.parametrize("rows", [1, 20])
def test_a_history_takes_two_queries_however_long(
    in_tenant: Tenant, ana: OpenedSession, rows: int, django_assert_num_queries: QueryLimit
) -> None:
    MessageFactory.create_batch(rows, conversation=ana.conversation)
    with django_assert_num_queries(2):  # the log's head, the messages
        answer = selectors.messages_answer(ana.conversation)
    assert len(answer.results) == rows


@pytest.mark.parametrize("rows", [1, 20])
def test_posting_takes_the_same_number_of_queries_in_a_long_conversation(
    in_tenant: Tenant, ana: OpenedSession, rows: int, django_assert_max_num_queries: QueryLimit
) -> None:
    MessageFactory.create_batch(rows, conversation=ana.conversation)
    conversation = selectors.current(ana.conversation)
    customer = authors.customer(ana.customer)
    with django_assert_max_num_queries(14):
        services.post_message(
            conversation=conversation, author=customer, text="Hello", client_id="1"
        )


def test_a_page_of_history_says_whether_more_follows(
    in_tenant: Tenant, ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE", 3)
    MessageFactory.create_batch(4, conversation=ana.conversation)
    first = selectors.messages_answer(ana.conversation)
    rest = selectors.messages_answer(ana.conversation, after=first.results[-1].id)
    assert (len(first.results), first.more) == (3, True)
    assert (len(rest.results), rest.more) == (1, False)
