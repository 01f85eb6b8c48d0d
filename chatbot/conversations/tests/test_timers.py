from datetime import timedelta

import pytest
from django.utils import timezone

from chatbot.conversations import authors, services, timers
from chatbot.conversations.models import Conversation, Message, Timer
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.states import State, TimerKind
from chatbot.conversations.tests.racing import together
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.testing import published


def ask_for_a_person(ana: OpenedSession) -> None:
    services.request_transfer(conversation=ana.conversation, actor=authors.customer(ana.customer))


def let_time_pass(seconds: int) -> None:
    """As if everything so far had happened that much earlier."""
    earlier = timedelta(seconds=seconds)
    for timer in Timer.objects.all():
        Timer.objects.filter(pk=timer.pk).update(due_at=timer.due_at - earlier)
    for conversation in Conversation.objects.all():
        Conversation.objects.filter(pk=conversation.pk).update(
            last_message_at=conversation.last_message_at - earlier
        )


def now_in(conversation: Conversation) -> Conversation:
    conversation.refresh_from_db()
    return conversation


def test_who_waited_too_long_goes_back_to_the_ai_and_is_told(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    ask_for_a_person(ana)
    let_time_pass(in_tenant.wait_timeout)
    assert timers.run_due() == 1
    assert now_in(ana.conversation).state == State.AI_ACTIVE
    notice = Message.objects.latest("id")
    assert (notice.code, notice.author_kind) == ("wait_timed_out", "system")
    told = published("shop")[-2:]
    assert [event.type for event in told] == ["status_change", "new_message"]
    assert {event.source for event in told} == {"system"}


def test_nothing_happens_before_its_time(in_tenant: Tenant, ana: OpenedSession) -> None:
    ask_for_a_person(ana)
    let_time_pass(in_tenant.wait_timeout - 5)
    assert timers.run_due() == 0
    assert now_in(ana.conversation).state == State.QUEUED


def test_each_tenant_has_its_own_patience(in_tenant: Tenant, ana: OpenedSession) -> None:
    Tenant.objects.filter(pk=in_tenant.pk).update(wait_timeout=10)
    ana.conversation.tenant.refresh_from_db()
    ask_for_a_person(ana)
    let_time_pass(11)
    assert timers.run_due() == 1


def test_a_customer_who_was_accepted_in_time_is_not_sent_back(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    ask_for_a_person(ana)
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    let_time_pass(in_tenant.wait_timeout)
    assert timers.run_due() == 0
    assert now_in(ana.conversation).state == State.ACTIVE


def test_a_conversation_in_which_nobody_writes_is_closed(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    let_time_pass(in_tenant.idle_timeout)
    assert timers.run_due() == 1
    assert now_in(ana.conversation).state == State.RESOLVED
    assert Message.objects.latest("id").code == "closed_idle"
    assert not Timer.objects.exists()


def test_an_agents_silent_conversation_is_closed_too(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    ask_for_a_person(ana)
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    let_time_pass(in_tenant.idle_timeout)
    timers.run_due()
    assert now_in(ana.conversation).state == State.RESOLVED


def test_a_message_gives_the_conversation_its_full_time_again(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    let_time_pass(in_tenant.idle_timeout)
    said = services.post_message(
        conversation=ana.conversation, author=authors.customer(ana.customer), text="Still here"
    )
    timers.run_due()
    assert now_in(ana.conversation).state == State.AI_ACTIVE
    due_at = said.message.conversation.last_message_at + timedelta(seconds=in_tenant.idle_timeout)
    assert Timer.objects.get().due_at == due_at


def test_a_timer_overtaken_by_an_agent_does_nothing(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    ask_for_a_person(ana)
    let_time_pass(in_tenant.wait_timeout)
    timer = Timer.objects.get()
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    assert timers.run(timer) is False
    assert now_in(ana.conversation).state == State.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_a_timer_runs_once_however_many_run_it(tenant: Tenant, ana: OpenedSession) -> None:
    with tenant_scope(tenant):
        ask_for_a_person(ana)
        let_time_pass(tenant.wait_timeout)

    ran = together(tenant, *[timers.run_due] * 4)

    assert sorted(ran) == [0, 0, 0, 1]
    reasons = [event.payload.get("reason") for event in published("shop")]
    assert reasons.count("time_out_wait") == 1
    with tenant_scope(tenant):
        assert AuditEntry.objects.filter(action="conversation.time_out_wait").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_timer_and_an_agent_at_the_same_moment_agree_on_one_owner(
    tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    with tenant_scope(tenant):
        ask_for_a_person(ana)
        let_time_pass(tenant.wait_timeout)

    together(
        tenant,
        timers.run_due,
        lambda: services.accept_conversation(conversation=ana.conversation, agent=ben),
    )

    with tenant_scope(tenant):
        owner = Conversation.objects.get()
        changes = AuditEntry.objects.filter(action__in=["conversation.accept", *TIMED_OUT])
        assert changes.count() == 1
    assert (owner.state, owner.agent_id) in [(State.ACTIVE, ben.pk), (State.AI_ACTIVE, None)]
    assert owner.version == 3


TIMED_OUT = ["conversation.time_out_wait"]


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_in_between_leaves_the_timer_due(
    tenant: Tenant, ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(tenant):
        ask_for_a_person(ana)
        let_time_pass(tenant.wait_timeout)

    def die(conversation: Conversation) -> None:
        services.time_out_wait(conversation)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setitem(timers._handlers, TimerKind.WAIT_TIMEOUT, die)
        with pytest.raises(SystemExit):
            timers.run_due()
    with tenant_scope(tenant):
        assert now_in(ana.conversation).state == State.QUEUED
        assert timers.run_due() == 1
        assert now_in(ana.conversation).state == State.AI_ACTIVE


def test_a_timer_that_fails_holds_up_no_other_and_gets_a_second_try(
    in_tenant: Tenant, ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_a_person(ana)
    other = services.open_session(tenant=in_tenant).conversation
    let_time_pass(in_tenant.idle_timeout)

    def fail(conversation: Conversation) -> None:
        raise RuntimeError

    monkeypatch.setitem(timers._handlers, TimerKind.WAIT_TIMEOUT, fail)
    assert timers.run_due() == 1
    assert now_in(other).state == State.RESOLVED
    assert now_in(ana.conversation).state == State.QUEUED
    assert Timer.objects.get().due_at > timezone.now()


def test_more_timers_than_a_batch_all_run(
    in_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "BATCH", 2)
    for _ in range(5):
        services.open_session(tenant=in_tenant)
    let_time_pass(in_tenant.idle_timeout)
    assert timers.run_due() == 5


def test_looking_for_due_timers_takes_one_query(
    in_tenant: Tenant, ana: OpenedSession, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        timers.run_due()
