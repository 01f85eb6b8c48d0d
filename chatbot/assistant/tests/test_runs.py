import threading

import pytest
from django.db import connection, transaction

from chatbot.assistant import services
from chatbot.assistant.answerer import Answer, Outcome
from chatbot.assistant.models import Run
from chatbot.assistant.runtime_settings import HandoffSettings
from chatbot.assistant.tests.factories import (
    ANSWER,
    ai_messages,
    ask,
    claimed,
    now,
    said_by_ai,
    worker_dies,
)
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.states import State
from chatplatform.accounts.models import User
from chatplatform.configuration.testing import configured
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.testing import published


def transfer(conversation: Conversation) -> None:
    with tenant_scope(conversation.tenant):
        fresh = Conversation.objects.get(pk=conversation.pk)
        conversations.request_transfer(
            conversation=fresh, actor=authors.customer(conversation.customer)
        )


def state(conversation: Conversation) -> str:
    with all_tenants():
        return str(Conversation.objects.get(pk=conversation.pk).state)


def test_a_customers_message_queues_a_run_and_other_messages_do_not(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    assert (run.status, run.version) == (Run.Status.QUEUED, ana.conversation.version)
    services.finish_run(run=claimed(), answer=ANSWER)
    with all_tenants():
        assert Run.objects.count() == 1


def test_while_a_person_is_awaited_the_ai_is_not_asked(ana: OpenedSession) -> None:
    transfer(ana.conversation)
    with pytest.raises(Run.DoesNotExist):
        ask(ana.conversation)


def test_a_customer_who_comes_back_after_closing_is_answered(ana: OpenedSession) -> None:
    with tenant_scope(ana.conversation.tenant):
        conversations.close_conversation(
            conversation=ana.conversation, actor=authors.customer(ana.customer)
        )
    ask(ana.conversation)
    assert services.finish_run(run=claimed(), answer=ANSWER) is not None


def test_a_message_that_is_rolled_back_leaves_no_run(ana: OpenedSession) -> None:
    with transaction.atomic():
        ask(ana.conversation)
        transaction.set_rollback(True)
    assert not services.claim_runs(worker="a")


def test_the_answer_is_posted_with_its_data_and_the_runs_id(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    answer = Answer("Hello.", Outcome.UNSURE, suggestions=("Delivery",))
    message = services.finish_run(run=claimed(), answer=answer)
    assert message is not None
    assert (message.text, message.client_id) == ("Hello.", f"run-{run.pk}")
    assert message.data == {"sources": [], "suggestions": ["Delivery"], "outcome": "unsure"}
    done = now(run)
    assert (done.status, done.outcome, done.answer) == (Run.Status.DONE, "unsure", message)
    assert done.finished_at is not None
    event = published("shop")[-1]
    assert (event.type, event.source) == ("new_message", "ai_chatbot")
    assert event.payload["data"]["suggestions"] == ["Delivery"]


def test_a_claimed_run_is_nobody_elses(ana: OpenedSession) -> None:
    ask(ana.conversation)
    claimed("a")
    assert not services.claim_runs(worker="b")


def test_a_dead_workers_run_is_taken_over_and_its_late_answer_refused(ana: OpenedSession) -> None:
    ask(ana.conversation)
    first = claimed("a")
    worker_dies(first)
    second = claimed("b")
    assert second.pk == first.pk
    services.finish_run(run=second, answer=ANSWER)
    with pytest.raises(services.RunLost):
        services.finish_run(run=first, answer=Answer("Late.", Outcome.ANSWERED))
    assert said_by_ai(ana.conversation) == [ANSWER.text]


def test_a_taken_over_run_can_not_be_finished_before_its_new_owner(ana: OpenedSession) -> None:
    ask(ana.conversation)
    first = claimed("a")
    worker_dies(first)
    second = claimed("b")
    with pytest.raises(services.RunLost):
        services.finish_run(run=first, answer=ANSWER)
    with pytest.raises(services.RunLost):
        services.release_run(run=first, error="late")
    with pytest.raises(services.RunLost):
        services.fail_run(run=first, error="late")
    assert not services.renew_lease(run=first)
    assert services.renew_lease(run=second)
    assert said_by_ai(ana.conversation) == []


def test_the_same_worker_that_lost_a_run_and_got_it_again_answers_once(ana: OpenedSession) -> None:
    ask(ana.conversation)
    first = claimed("a")
    worker_dies(first)
    second = claimed("a")
    with pytest.raises(services.RunLost):
        services.finish_run(run=first, answer=ANSWER)
    services.finish_run(run=second, answer=ANSWER)
    assert len(said_by_ai(ana.conversation)) == 1


def test_finishing_twice_says_it_once(ana: OpenedSession) -> None:
    ask(ana.conversation)
    run = claimed()
    services.finish_run(run=run, answer=ANSWER)
    with pytest.raises(services.RunLost):
        services.finish_run(run=run, answer=ANSWER)
    assert len(said_by_ai(ana.conversation)) == 1


def test_a_kill_in_mid_finish_leaves_the_run_to_be_answered_again(ana: OpenedSession) -> None:
    ask(ana.conversation)
    run = claimed("a")
    with transaction.atomic():
        services.finish_run(run=run, answer=ANSWER)
        transaction.set_rollback(True)
    assert said_by_ai(ana.conversation) == []
    worker_dies(run)
    services.finish_run(run=claimed("b"), answer=ANSWER)
    assert said_by_ai(ana.conversation) == [ANSWER.text]


def test_messages_are_answered_in_order_and_one_at_a_time(ana: OpenedSession) -> None:
    first, second = ask(ana.conversation, "one"), ask(ana.conversation, "two")
    running = claimed("a")
    assert running.pk == first.pk
    assert not services.claim_runs(worker="b")
    services.finish_run(run=running, answer=Answer("1", Outcome.ANSWERED))
    following = claimed("b")
    assert following.pk == second.pk
    services.finish_run(run=following, answer=Answer("2", Outcome.ANSWERED))
    assert said_by_ai(ana.conversation) == ["1", "2"]


def test_one_conversation_does_not_keep_another_waiting(tenant: Tenant, ana: OpenedSession) -> None:
    other = conversations.open_session(tenant=tenant)
    ask(ana.conversation)
    ask(ana.conversation)
    waiting = ask(other.conversation)
    claimed("a")
    assert claimed("b").pk == waiting.pk


def test_a_transfer_while_answering_drops_the_answer(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    running = claimed()
    transfer(ana.conversation)
    assert services.finish_run(run=running, answer=ANSWER) is None
    assert (now(run).status, now(run).answer) == (Run.Status.DROPPED, None)
    assert said_by_ai(ana.conversation) == []


def test_an_answer_from_before_a_person_came_and_went_is_dropped(
    ana: OpenedSession, ben: User
) -> None:
    run = ask(ana.conversation)
    running = claimed()
    transfer(ana.conversation)
    with tenant_scope(ana.conversation.tenant):
        conversation = Conversation.objects.get(pk=ana.conversation.pk)
        conversations.accept_conversation(conversation=conversation, agent=ben)
        conversations.return_to_ai(conversation=conversation, agent=ben)
    assert state(ana.conversation) == State.AI_ACTIVE
    assert services.finish_run(run=running, answer=ANSWER) is None
    assert now(run).status == Run.Status.DROPPED


def test_a_run_that_comes_too_late_is_not_even_begun(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    transfer(ana.conversation)
    assert services.begin_run(run=claimed()) is None
    assert now(run).status == Run.Status.DROPPED


def test_a_run_begins_with_the_question_in_the_conversations_language(tenant: Tenant) -> None:
    session = conversations.open_session(tenant=tenant, language="zh-hans")
    ask(session.conversation, "12345")
    question = services.begin_run(run=claimed())
    assert question is not None
    assert (question.text, question.language, question.tenant) == ("12345", "zh-hans", tenant)


def test_who_asks_for_a_person_is_transferred_and_not_talked_to(ana: OpenedSession) -> None:
    run = ask(ana.conversation, "Talk to a person")
    services.finish_run(run=claimed(), answer=Answer("", Outcome.HANDOFF_REQUESTED))
    assert state(ana.conversation) == State.QUEUED
    assert said_by_ai(ana.conversation) == []
    assert (now(run).status, now(run).outcome) == (Run.Status.DONE, "handoff_requested")
    request = next(event for event in published("shop") if event.type == "transfer_request")
    assert request.payload["reason"] == "Talk to a person"


def test_an_answer_that_goes_with_a_transfer_is_said_before_it(ana: OpenedSession) -> None:
    ask(ana.conversation)
    services.finish_run(run=claimed(), answer=Answer("One moment.", Outcome.HANDOFF_REQUESTED))
    assert said_by_ai(ana.conversation) == ["One moment."]
    assert state(ana.conversation) == State.QUEUED


def test_a_wish_for_a_person_that_came_true_already_is_dropped(ana: OpenedSession) -> None:
    run = ask(ana.conversation, "Talk to a person")
    running = claimed()
    transfer(ana.conversation)
    services.finish_run(run=running, answer=Answer("", Outcome.HANDOFF_REQUESTED))
    assert now(run).status == Run.Status.DROPPED
    assert [e.type for e in published("shop")].count("transfer_request") == 1


def test_a_run_that_went_wrong_rests_and_is_tried_again(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    services.release_run(run=claimed(), error="boom")
    resting = now(run)
    assert (resting.status, resting.error) == (Run.Status.QUEUED, "boom")
    assert not services.claim_runs(worker="b")
    worker_dies(run)  # time passes
    assert claimed("b").attempts == 2


def test_after_three_attempts_a_person_is_fetched(ana: OpenedSession) -> None:
    run = ask(ana.conversation, "什么时候到货")
    for _ in range(services.max_attempts()):
        services.release_run(run=claimed(), error="boom" * 500)
        worker_dies(run)
    assert not services.claim_runs(worker="a")
    failed = now(run)
    assert (failed.status, failed.outcome) == (Run.Status.FAILED, "handoff_requested")
    assert failed.handoff == "failure"
    assert state(ana.conversation) == State.QUEUED
    assert said_by_ai(ana.conversation) == []


def test_where_no_person_is_to_be_fetched_for_a_failure_one_is_offered(
    tenant: Tenant, ana: OpenedSession
) -> None:
    run = ask(ana.conversation)
    with configured(HandoffSettings, tenant, failure="offer"):
        services.fail_run(run=claimed(), error="boom")
    failed = now(run)
    assert (failed.outcome, failed.handoff) == ("handoff_offered", "failure")
    (apology,) = ai_messages(ana.conversation)
    assert apology == failed.answer
    assert apology.data["outcome"] == "handoff_offered"
    assert len(apology.data["suggestions"]) == 1


def test_failing_when_a_person_has_the_conversation_says_nothing(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    running = claimed()
    transfer(ana.conversation)
    services.fail_run(run=running, error="boom")
    assert now(run).status == Run.Status.FAILED
    assert said_by_ai(ana.conversation) == []


def test_after_a_failed_run_the_next_message_is_answered(
    tenant: Tenant, ana: OpenedSession
) -> None:
    ask(ana.conversation)
    with configured(HandoffSettings, tenant, failure="offer"):
        services.fail_run(run=claimed(), error="boom")
    ask(ana.conversation)
    assert services.finish_run(run=claimed(), answer=ANSWER) is not None


def test_looking_for_work_costs_one_query(
    ana: OpenedSession, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        services.claim_runs(worker="a")


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_want_a_run_one_gets_it(ana: OpenedSession) -> None:
    ask(ana.conversation)
    gate = threading.Barrier(8)
    got: list[Run | None] = []

    def claim(worker: str) -> None:
        gate.wait()
        try:
            got.append(next(iter(services.claim_runs(worker=worker)), None))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(f"worker-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    (winner,) = [run for run in got if run is not None]
    assert now(winner).worker == winner.worker
    assert now(winner).attempts == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_finish_at_once_one_speaks(ana: OpenedSession) -> None:
    ask(ana.conversation)
    first = claimed("a")
    worker_dies(first)
    second = claimed("b")
    gate = threading.Barrier(2)
    lost: list[str] = []

    def finish(run: Run) -> None:
        gate.wait()
        try:
            services.finish_run(run=run, answer=ANSWER)
        except services.RunLost:
            lost.append(run.worker)
        finally:
            connection.close()

    threads = [threading.Thread(target=finish, args=(run,)) for run in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == ["a"]
    assert said_by_ai(ana.conversation) == [ANSWER.text]
