"""From a question to a person: what is said, what is stored, and that it never goes in circles."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from prometheus_client import REGISTRY

from chatbot.assistant import services
from chatbot.assistant.answerer import Answer, Outcome, Question, Source, Trigger
from chatbot.assistant.models import HandoffBrief, Run
from chatbot.assistant.runtime_settings import HandoffSettings
from chatbot.assistant.tests.factories import (
    ANSWER,
    ai_messages,
    ask,
    claimed,
    now,
    said_by_ai,
)
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.notices import notice_text_in
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.states import State
from chatbot.conversations.tests.racing import together
from chatbot.knowledge.models import Asking, Citation
from chatbot.moderation.choices import Action
from chatbot.moderation.services import Draft, save_word
from chatbot.tools.choices import CallStatus
from chatbot.tools.models import ToolCall
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.configuration.testing import configured
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.testing import published

UNKNOWN = Answer("I don't know that. A person?", Outcome.UNKNOWN, suggestions=("Talk to a person",))
BY_MODEL = Answer("", Outcome.HANDOFF_REQUESTED, trigger=Trigger.MODEL, note="Wants a refund")


def fresh(conversation: Conversation) -> Conversation:
    with all_tenants():
        found: Conversation = Conversation.objects.select_related("tenant", "customer").get(
            pk=conversation.pk
        )
    return found


def state(conversation: Conversation) -> str:
    return str(fresh(conversation).state)


def notices(conversation: Conversation) -> list[tuple[str, dict[str, Any]]]:
    with all_tenants():
        found = Message.objects.filter(conversation=conversation, author_kind="system")
        return [(notice.text, notice.data) for notice in found.order_by("pk")]


def answered(conversation: Conversation, answer: Answer, text: str = "How long?") -> Run:
    """A question that is asked and answered like this."""
    run = ask(conversation, text)
    mine = claimed()
    assert services.begin_run(run=mine) is not None
    services.finish_run(run=mine, answer=answer)
    return now(run)


def begun(conversation: Conversation, text: str) -> tuple[Run, Question | None]:
    run = ask(conversation, text)
    return run, services.begin_run(run=claimed())


def now_running() -> Run:
    with all_tenants():
        rows = Run.objects.select_related("tenant__plan", "trigger", "conversation__tenant")
        found: Run = rows.get(status=Run.Status.RUNNING)
    return found


def nobody_comes(conversation: Conversation) -> None:
    with tenant_scope(conversation.tenant):
        conversations.time_out_wait(fresh(conversation))


def comes_and_returns(conversation: Conversation, agent: User) -> None:
    with tenant_scope(conversation.tenant):
        conversations.accept_conversation(conversation=fresh(conversation), agent=agent)
        conversations.return_to_ai(conversation=fresh(conversation), agent=agent)


def test_the_second_question_without_an_answer_fetches_a_person(ana: OpenedSession) -> None:
    first = answered(ana.conversation, UNKNOWN)
    assert (first.outcome, first.handoff) == ("unknown", "")
    assert state(ana.conversation) == State.AI_ACTIVE
    second = answered(ana.conversation, UNKNOWN)
    assert (second.outcome, second.handoff) == ("handoff_requested", "unsure")
    assert state(ana.conversation) == State.QUEUED
    assert said_by_ai(ana.conversation) == [UNKNOWN.text], "the notice says it the second time"
    text, data = notices(ana.conversation)[-1]
    assert text.startswith("I can't answer that, so a colleague will take over.")
    assert data == {"trigger": "unsure"}


def test_an_answer_in_between_begins_the_count_anew(ana: OpenedSession) -> None:
    for answer in (UNKNOWN, ANSWER, UNKNOWN):
        answered(ana.conversation, answer)
    assert state(ana.conversation) == State.AI_ACTIVE


def test_a_thank_you_in_between_is_no_answer(ana: OpenedSession) -> None:
    thanks = Answer("You're welcome.", Outcome.GREETING)
    for answer in (UNKNOWN, thanks, UNKNOWN):
        answered(ana.conversation, answer)
    assert state(ana.conversation) == State.QUEUED


def test_why_stands_in_the_run_the_history_and_the_event(ana: OpenedSession) -> None:
    run = answered(ana.conversation, BY_MODEL, "My lamp is broken, give me my money back")
    assert (now(run).handoff, now(run).outcome) == ("model", "handoff_requested")
    with all_tenants():
        entry = AuditEntry.objects.get(action="conversation.request_transfer")
    assert (entry.actor_kind, entry.data["trigger"]) == ("ai", "model")
    event = next(event for event in published("shop") if event.type == "transfer_request")
    assert event.payload["trigger"] == "model"
    with all_tenants():
        assert HandoffBrief.objects.get().note == "Wants a refund"


def test_who_asks_in_words_is_not_even_answered(ana: OpenedSession) -> None:
    run, question = begun(ana.conversation, "转人工")
    assert question is None
    assert (now(run).handoff, state(ana.conversation)) == ("asked", State.QUEUED)
    with all_tenants():
        entry = AuditEntry.objects.get(action="conversation.request_transfer")
    assert entry.actor_kind == "customer"


def test_an_upset_customer_gets_a_person_at_once(ana: OpenedSession) -> None:
    run, question = begun(ana.conversation, "This is the third time!!! You are useless")
    assert question is None
    assert now(run).handoff == "mood"
    assert "I'm sorry" in notices(ana.conversation)[-1][0]


def test_where_upset_customers_are_only_offered_a_person(
    tenant: Tenant, ana: OpenedSession
) -> None:
    with configured(HandoffSettings, tenant, mood="offer"):
        run = answered(ana.conversation, ANSWER, "Useless! This is the third time I ask!!!")
    assert (run.outcome, run.handoff) == ("answered", "mood")
    (message,) = ai_messages(ana.conversation)
    assert message.text.startswith(ANSWER.text)
    assert message.text.endswith("Would you like to talk to a person?")
    assert message.data["suggestions"] == ["Talk to a person"]
    assert state(ana.conversation) == State.AI_ACTIVE


def hear(tenant: Tenant, word: str, action: Action) -> None:
    """From now on moderation knows the word."""
    with tenant_scope(tenant):
        save_word(tenant=tenant, draft=Draft(word, "legal", action))


def test_a_sensitive_topic_fetches_a_person(tenant: Tenant, ana: OpenedSession) -> None:
    hear(tenant, "lawyer", Action.REVIEW)
    run, question = begun(ana.conversation, "I'll ask my lawyer")
    assert (question, now(run).handoff) == (None, "topic")


def test_an_insult_that_was_taken_out_still_tells_the_mood(
    tenant: Tenant, ana: OpenedSession
) -> None:
    hear(tenant, "dimwit", Action.MASK)
    _, question = begun(ana.conversation, "Hello, dimwit")
    assert question is not None, "one is not enough"
    services.finish_run(run=now_running(), answer=ANSWER)
    run, question = begun(ana.conversation, "Hello?! dimwit!!!")
    assert (question, now(run).handoff) == (None, "mood")


def test_what_the_model_wants_is_at_least_offered_where_it_is_switched_off(
    tenant: Tenant, ana: OpenedSession
) -> None:
    wants = Answer("", Outcome.HANDOFF_REQUESTED, trigger=Trigger.APPROVAL)
    with configured(HandoffSettings, tenant, approval="off"):
        run = answered(ana.conversation, wants)
    assert (run.outcome, state(ana.conversation)) == ("handoff_offered", State.AI_ACTIVE)
    assert len(said_by_ai(ana.conversation)) == 1


def test_the_thirteenth_question_fetches_a_person_and_no_thank_you_does(
    tenant: Tenant, ana: OpenedSession
) -> None:
    with configured(HandoffSettings, tenant, turn_limit=3):
        for _ in range(3):
            answered(ana.conversation, ANSWER)
        answered(ana.conversation, Answer("You're welcome.", Outcome.GREETING), "Thanks!")
        run, question = begun(ana.conversation, "And how long abroad?")
    assert (question, now(run).handoff) == (None, "turns")


def test_an_action_that_needs_approval_fetches_a_person_after_the_answer(
    ana: OpenedSession,
) -> None:
    run = ask(ana.conversation, "Refund order 12345")
    mine = claimed()
    services.begin_run(run=mine)
    with tenant_scope(ana.conversation.tenant):
        ToolCall.objects.create(
            tenant=ana.conversation.tenant,
            conversation=ana.conversation,
            tool_name="refund",
            run=run.pk,
            status=CallStatus.AWAITING_APPROVAL,
            idempotency_key="k-1",
        )
    services.finish_run(run=mine, answer=Answer("I have asked for approval.", Outcome.ANSWERED))
    assert (now(run).handoff, state(ana.conversation)) == ("approval", State.QUEUED)
    assert said_by_ai(ana.conversation) == ["I have asked for approval."]


def test_an_agent_who_returns_the_customer_gives_the_ai_a_fresh_budget(
    tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    with configured(HandoffSettings, tenant, turn_limit=2):
        answered(ana.conversation, UNKNOWN)
        answered(ana.conversation, UNKNOWN)
        comes_and_returns(ana.conversation, ben)
        assert answered(ana.conversation, UNKNOWN).outcome == "unknown"
        assert answered(ana.conversation, ANSWER).outcome == "answered"
        assert state(ana.conversation) == State.AI_ACTIVE
        run, question = begun(ana.conversation, "And?")
    assert (question, now(run).handoff) == (None, "turns")


def test_after_a_wait_in_vain_the_same_reason_only_offers(ana: OpenedSession) -> None:
    answered(ana.conversation, UNKNOWN)
    answered(ana.conversation, UNKNOWN)
    nobody_comes(ana.conversation)
    for _ in range(3):
        run = answered(ana.conversation, UNKNOWN)
    assert (run.outcome, run.handoff) == ("unknown", "unsure")
    assert state(ana.conversation) == State.AI_ACTIVE
    assert ai_messages(ana.conversation)[-1].data["suggestions"] == ["Talk to a person"]


def test_reasons_do_not_take_turns_in_going_in_circles(ana: OpenedSession) -> None:
    """Each reason fetches nobody once; then all are known to be in vain."""
    angry = "Useless! This is the third time!!!"
    for _ in range(2):
        answered(ana.conversation, UNKNOWN)
    nobody_comes(ana.conversation)
    begun(ana.conversation, angry)
    assert state(ana.conversation) == State.QUEUED
    nobody_comes(ana.conversation)
    for _ in range(3):
        answered(ana.conversation, UNKNOWN, angry)
    assert state(ana.conversation) == State.AI_ACTIVE


def test_a_customer_who_asks_again_always_waits_again(ana: OpenedSession) -> None:
    begun(ana.conversation, "Talk to a person")
    nobody_comes(ana.conversation)
    begun(ana.conversation, "Talk to a person")
    assert state(ana.conversation) == State.QUEUED


def test_a_model_that_wants_a_person_in_vain_offers_one(ana: OpenedSession) -> None:
    answered(ana.conversation, BY_MODEL)
    nobody_comes(ana.conversation)
    run = answered(ana.conversation, BY_MODEL)
    assert (run.outcome, run.handoff) == ("handoff_offered", "model")
    assert said_by_ai(ana.conversation) == [
        "I can't help you any further with that. Would you like to talk to a person?"
    ]


def test_failing_again_after_a_wait_in_vain_offers_a_person(ana: OpenedSession) -> None:
    ask(ana.conversation)
    services.fail_run(run=claimed(), error="boom")
    nobody_comes(ana.conversation)
    run = ask(ana.conversation)
    services.fail_run(run=claimed(), error="boom")
    assert (now(run).outcome, state(ana.conversation)) == ("handoff_offered", State.AI_ACTIVE)


def test_a_promise_of_a_person_is_kept(ana: OpenedSession) -> None:
    promise = Answer("Sorry. I'll connect you with a colleague now.", Outcome.ANSWERED)
    run = answered(ana.conversation, promise)
    assert (run.handoff, state(ana.conversation)) == ("model", State.QUEUED)
    assert said_by_ai(ana.conversation) == [promise.text]


def test_a_promise_that_can_not_be_kept_is_not_made(tenant: Tenant, ana: OpenedSession) -> None:
    with configured(HandoffSettings, tenant, model="offer"):
        run = answered(ana.conversation, Answer("正在为您转接人工客服。", Outcome.ANSWERED))
    assert (run.outcome, state(ana.conversation)) == ("handoff_offered", State.AI_ACTIVE)
    assert "转接" not in said_by_ai(ana.conversation)[0]


def test_a_quoted_article_promises_nothing(ana: OpenedSession) -> None:
    words = "Press the button: a colleague will take over."
    source = Source(1, "Persons", "", words, "/help/1", 1, "hash")
    run = answered(ana.conversation, Answer(words, Outcome.ANSWERED, sources=(source,)))
    assert (run.handoff, state(ana.conversation)) == ("", State.AI_ACTIVE)


def test_a_last_word_that_goes_with_the_transfer_is_said_before_it(ana: OpenedSession) -> None:
    answer = Answer("I noted order 12345.", Outcome.HANDOFF_REQUESTED, trigger=Trigger.MODEL)
    answered(ana.conversation, answer)
    with all_tenants():
        kinds = Message.objects.filter(conversation=ana.conversation).order_by("pk")
        assert [each.author_kind for each in kinds] == ["customer", "ai", "system"]


def test_a_transfer_and_what_is_said_of_it_are_one(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ask(ana.conversation)
    mine = claimed()

    def break_down(**_: object) -> None:
        raise RuntimeError("no brief")

    monkeypatch.setattr("chatbot.assistant.receivers.write_brief", break_down)
    with pytest.raises(RuntimeError, match="no brief"), transaction.atomic():
        services.finish_run(run=mine, answer=BY_MODEL)
    assert (now(run).status, state(ana.conversation)) == (Run.Status.RUNNING, State.AI_ACTIVE)
    assert notices(ana.conversation) == []


def test_the_customer_reads_it_in_her_language(tenant: Tenant) -> None:
    session = conversations.open_session(tenant=tenant, language="zh-hans")
    with configured(HandoffSettings, tenant, unsure_limit=1):
        answered(session.conversation, UNKNOWN, "什么时候发货")
    text, data = notices(session.conversation)[-1]
    assert text == notice_text_in("zh-hans", "transfer_requested", data)


def test_what_an_answer_stands_on_is_remembered_with_it(ana: OpenedSession) -> None:
    source = Source(7, "Delivery", "", "Two days.", "/help/7", 9, "c0ffee")
    answered(ana.conversation, Answer("Two days.", Outcome.ANSWERED, sources=(source,)))
    with all_tenants():
        (citation,) = Citation.objects.all()
    assert (citation.article_id, citation.passage_id, citation.content_hash) == (7, 9, "c0ffee")
    assert citation.message.text == "Two days."


def test_what_nobody_could_answer_is_noted_even_if_a_person_will(ana: OpenedSession) -> None:
    for text in ("Do you sell whales?", "May I bring my cat?"):
        answered(ana.conversation, UNKNOWN, text)
    with all_tenants():
        assert {each.text for each in Asking.objects.all()} == {
            "Do you sell whales?",
            "May I bring my cat?",
        }


def test_outcomes_and_reasons_are_counted(ana: OpenedSession) -> None:
    def counted(outcome: str, trigger: str) -> float:
        labels = {"outcome": outcome, "trigger": trigger}
        return REGISTRY.get_sample_value("assistant_outcomes_total", labels) or 0

    before = counted("unknown", ""), counted("handoff_requested", "model")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "on_commit", lambda call, **_: call())
        answered(ana.conversation, UNKNOWN)
        answered(ana.conversation, BY_MODEL)
    assert (counted("unknown", ""), counted("handoff_requested", "model")) == (
        before[0] + 1,
        before[1] + 1,
    )


@pytest.mark.parametrize("length", [1, 20])
def test_deciding_costs_the_same_however_long_the_conversation(
    ana: OpenedSession, length: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(length):
        with configured(HandoffSettings, ana.conversation.tenant, turn_limit=200):
            answered(ana.conversation, ANSWER)
    ask(ana.conversation)
    mine = claimed()
    with (
        configured(HandoffSettings, ana.conversation.tenant, turn_limit=200),
        django_assert_num_queries(2),  # this turn's runs; what moderation found
    ):
        assert services.begin_run(run=mine) is not None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_an_answer_and_a_person_who_takes_over_at_once_never_both(
    tenant: Tenant, ben: User
) -> None:
    """Twenty races of an agent's acceptance against the AI's answer to the same question."""
    for _ in range(20):
        session = conversations.open_session(tenant=tenant)
        ask(session.conversation)
        mine = claimed()

        def take_over(conversation: Conversation = session.conversation) -> None:
            customer = authors.customer(conversation.customer)
            conversations.request_transfer(conversation=fresh(conversation), actor=customer)
            conversations.accept_conversation(conversation=fresh(conversation), agent=ben)

        together(tenant, take_over, partial(services.finish_run, run=mine, answer=ANSWER))
        with all_tenants():
            order = Message.objects.filter(conversation=session.conversation).order_by("pk")
            said = [each.code or each.author_kind for each in order]
        taken = said.index("transfer_requested")
        assert "ai" not in said[taken:], said
