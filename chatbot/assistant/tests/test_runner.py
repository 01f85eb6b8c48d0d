import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate
from typing import Any

import pytest

from chatbot.assistant import bell, drafts, leases, runner, services
from chatbot.assistant.answerer import Answer, Answerer, Delta, Outcome, Question
from chatbot.assistant.choice import choose
from chatbot.assistant.events import AnswerDelta
from chatbot.assistant.models import Run
from chatbot.assistant.runner import Runner
from chatbot.assistant.tests.factories import (
    ai_messages,
    ask,
    claimed,
    now,
    said_by_ai,
    worker_dies,
)
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.states import State
from chatbot.knowledge.tests.factories import write
from chatbot.moderation.choices import Action
from chatbot.moderation.services import Draft, save_word
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime import publish
from realtime.events import Event
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Script:
    """An answerer that does what a test says: a coroutine function from question to text."""

    def __init__(self, act: Callable[[Question], Any]) -> None:
        self.act = act

    async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        yield Answer(await self.act(question), Outcome.ANSWERED)


async def echo(question: Question) -> str:
    return f"You said: {question.text}"


@contextmanager
def running(answerer: Answerer | None = None) -> Iterator[Runner]:
    """A runner at work in a thread of its own; stopped at the end, surely. What is not metered is
    answered without the answerer, as always."""

    def chosen(question: Question) -> Answer | Answerer:
        return answerer if answerer and question.metered else choose(question)

    runner = Runner(chosen)
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    try:
        yield runner
    finally:
        runner.stop()
        thread.join(10)
        assert not thread.is_alive()


def until_closed(run: Run) -> Run:
    wait_until(lambda: now(run).status not in Run.OPEN, what=f"the end of {run}")
    return now(run)


def test_a_question_is_answered_from_the_knowledge_base(tenant: Tenant, ana: OpenedSession) -> None:
    article = write(tenant, "How long does delivery take?", "Two to four working days.")
    with running():
        run = until_closed(ask(ana.conversation, "how long is the delivery"))
    assert run.status == Run.Status.DONE
    (message,) = ai_messages(ana.conversation)
    assert message.text == "Two to four working days."
    (source,) = message.data["sources"]
    assert (source["article_id"], source["title"]) == (article.pk, article.title)


def test_a_run_that_was_waiting_before_the_start_is_answered(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    with running(Script(echo)):
        assert until_closed(run).status == Run.Status.DONE


def test_the_runner_is_woken_and_need_not_poll(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "POLL_SECONDS", 60.0)
    with running(Script(echo)):
        wait_until(lambda: bell._workers, what="the runner to listen")
        assert until_closed(ask(ana.conversation)).status == Run.Status.DONE
    assert not bell._workers


def test_a_run_is_its_worker_s_from_the_start_and_need_not_be_claimed(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(Script(echo)) as worker:
        wait_until(worker.has_room, what="the runner to begin")
        monkeypatch.setattr(services, "claim_runs", lambda **_: [])
        run = until_closed(ask(ana.conversation))
    assert (run.status, run.worker, run.attempts) == (Run.Status.DONE, worker.worker, 1)


def test_a_runner_without_room_leaves_a_run_to_others(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "AT_ONCE", 0)
    with running(Script(echo)):
        wait_until(lambda: bell._workers, what="the runner to listen")
        assert ask(ana.conversation).status == Run.Status.QUEUED


def test_what_a_worker_took_and_did_not_live_to_answer_is_answered(ana: OpenedSession) -> None:
    class Dying(Runner):
        def take(self, run: Run) -> None:
            """It is killed between the commit and its first step."""

    dying = Dying(lambda question: Script(echo))
    thread = threading.Thread(target=dying.run, daemon=True)
    thread.start()
    wait_until(dying.has_room, what="the runner to begin")
    run = ask(ana.conversation)
    dying.stop()
    thread.join(10)
    assert (now(run).status, now(run).worker) == (Run.Status.RUNNING, dying.worker)
    worker_dies(run)
    with running(Script(echo)):
        assert until_closed(run).attempts == 2
    assert len(said_by_ai(ana.conversation)) == 1


def test_a_run_nobody_rang_for_is_found_by_the_poll(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(bell, "ring", lambda: None)
    monkeypatch.setattr(bell, "free_worker", lambda: None)
    with running(Script(echo)):
        assert until_closed(ask(ana.conversation)).status == Run.Status.DONE


def test_thirty_customers_are_answered_at_once_each_exactly_once(tenant: Tenant) -> None:
    sessions = [conversations.open_session(tenant=tenant, name=f"C{n}") for n in range(30)]
    with running(Script(echo)), running(Script(echo)):
        runs = [ask(session.conversation, session.customer.name) for session in sessions]
        for run in runs:
            assert until_closed(run).status == Run.Status.DONE
    for session in sessions:
        assert said_by_ai(session.conversation) == [f"You said: {session.customer.name}"]


def test_several_messages_of_one_customer_are_answered_in_order(ana: OpenedSession) -> None:
    with running(Script(echo)), running(Script(echo)):
        runs = [ask(ana.conversation, str(n)) for n in range(6)]
        until_closed(runs[-1])
    assert said_by_ai(ana.conversation) == [f"You said: {n}" for n in range(6)]


def test_a_slow_answer_keeps_no_other_customer_waiting(tenant: Tenant, ana: OpenedSession) -> None:
    release = threading.Event()

    async def slow_for_ana(question: Question) -> str:
        if question.text == "slow":
            await asyncio.to_thread(release.wait, 20)
        return question.text

    ben = conversations.open_session(tenant=tenant, name="Ben")
    with running(Script(slow_for_ana)):
        slow = ask(ana.conversation, "slow")
        until_closed(ask(ben.conversation, "quick"))
        assert now(slow).status == Run.Status.RUNNING
        release.set()
        until_closed(slow)
    assert said_by_ai(ana.conversation) == ["slow"]


def test_an_answerer_that_raises_is_tried_again(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PAUSE_AFTER_ERROR", timedelta(0))
    tries: list[str] = []

    async def raise_once(question: Question) -> str:
        tries.append(question.text)
        if len(tries) == 1:
            raise ConnectionError("model is down")
        return "Here I am."

    with running(Script(raise_once)):
        run = until_closed(ask(ana.conversation))
    assert (run.status, run.attempts) == (Run.Status.DONE, 2)
    assert "model is down" in run.error
    assert said_by_ai(ana.conversation) == ["Here I am."]


def test_an_answerer_that_never_works_ends_with_a_person(
    tenant: Tenant, ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PAUSE_AFTER_ERROR", timedelta(0))

    async def fail(question: Question) -> str:
        if question.text == "bad":
            raise RuntimeError(question.text)
        return "fine"

    ben = conversations.open_session(tenant=tenant, name="Ben")
    with running(Script(fail)):
        run = until_closed(ask(ana.conversation, "bad"))
        assert until_closed(ask(ben.conversation, "good")).status == Run.Status.DONE
    assert (run.status, run.attempts) == (Run.Status.FAILED, services.max_attempts())
    assert (run.outcome, run.handoff) == ("handoff_requested", "failure")
    assert run.conversation.state == State.QUEUED
    assert ai_messages(ana.conversation) == []


def test_an_answer_that_takes_too_long_ends_with_a_person(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "answering_limit", lambda: 0.05)

    async def hang(question: Question) -> str:
        await asyncio.Event().wait()
        return "never"

    with running(Script(hang)):
        run = until_closed(ask(ana.conversation))
    assert (run.status, run.attempts, run.handoff) == (Run.Status.FAILED, 1, "timeout")
    assert run.conversation.state == State.QUEUED


@pytest.mark.parametrize("trouble", ["slow", "broken"])
def test_a_confident_embedded_answer_stands_in_for_one_that_does_not_come(
    tenant: Tenant, ana: OpenedSession, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(runner, "answering_limit", lambda: 0.05)
    monkeypatch.setattr(services, "PAUSE_AFTER_ERROR", timedelta(0))
    write(tenant, "How long does delivery take?", "Two to four working days.")

    async def hang(question: Question) -> str:
        if trouble == "broken":
            raise ConnectionError("every model is down")
        await asyncio.Event().wait()
        return "never"

    with running(Script(hang)):
        run = until_closed(ask(ana.conversation, "How long does delivery take?"))
    assert (run.status, run.outcome, run.handoff) == (Run.Status.DONE, "answered", "")
    assert said_by_ai(ana.conversation) == ["Two to four working days."]


def test_a_timeout_of_the_answerers_own_is_tried_again(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PAUSE_AFTER_ERROR", timedelta(0))

    async def time_out(question: Question) -> str:
        raise TimeoutError("the model's socket")

    with running(Script(time_out)):
        assert until_closed(ask(ana.conversation)).attempts == services.max_attempts()


def test_an_answerer_without_an_answer_is_an_error(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PAUSE_AFTER_ERROR", timedelta(0))

    class Silent:
        async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
            yield Delta("Well, ")

    with running(Silent()):
        assert until_closed(ask(ana.conversation)).status == Run.Status.FAILED


def test_a_killed_workers_run_is_taken_over(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    dead = claimed("dead")
    with running(Script(echo)):
        worker_dies(dead)
        until_closed(run)
    with pytest.raises(services.RunLost):
        services.finish_run(run=dead, answer=Answer("Late.", Outcome.ANSWERED))
    assert said_by_ai(ana.conversation) == [f"You said: {run.trigger.text}"]


def test_a_run_that_kills_its_workers_is_given_up(ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    for _ in range(services.max_attempts()):
        worker_dies(claimed("dead"))
    with running(Script(echo)):
        assert until_closed(run).status == Run.Status.FAILED
    assert now(run).conversation.state == State.QUEUED


def test_the_lease_is_kept_as_long_as_the_answer_takes(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(runner, "RENEW_SECONDS", 0.05)
    release = threading.Event()

    async def slow(question: Question) -> str:
        await asyncio.to_thread(release.wait, 20)
        return "done"

    with running(Script(slow)):
        run = ask(ana.conversation)
        wait_until(lambda: now(run).lease_until, what="the claim")
        leased_until = now(run).lease_until or run.created_at
        later = leased_until + timedelta(seconds=1)
        wait_until(lambda: (now(run).lease_until or later) > later, what="a longer lease")
        assert not services.claim_runs(worker="b")
        release.set()
        assert until_closed(run).attempts == 1


def test_who_loses_the_run_stops_answering(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "RENEW_SECONDS", 0.05)
    begun, stopped = threading.Event(), threading.Event()

    async def hang(question: Question) -> str:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return "never"

    with running(Script(hang)):
        run = ask(ana.conversation)
        assert begun.wait(10)
        monkeypatch.setattr(runner, "AT_ONCE", 0)  # so that it is not claimed here again
        stolen: list[Run] = []

        def steal() -> bool:  # again if the owner renewed in between
            worker_dies(now(run))
            stolen.extend(services.claim_runs(worker="b"))
            return bool(stolen)

        wait_until(steal, what="the theft")
        assert stopped.wait(10)
        services.finish_run(run=stolen[0], answer=Answer("Mine.", Outcome.ANSWERED))
    assert said_by_ai(ana.conversation) == ["Mine."]


def test_pieces_of_the_answer_are_shown_while_it_is_written(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    seen = threading.Event()

    def show(event: Event, **_: object) -> None:
        shown.append(event.payload())
        if "position" in shown[-1]:
            seen.set()

    monkeypatch.setattr(publish, "event", show)

    class Streaming:
        async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
            yield Delta("Two to ")
            yield Delta("four days.")
            await asyncio.to_thread(seen.wait, 10)
            yield Answer("Two to four days.", Outcome.ANSWERED)

    with running(Streaming()):
        run = until_closed(ask(ana.conversation))
    deltas = [event for event in shown if "position" in event]
    places = [0, *accumulate(len(delta["text"]) for delta in deltas)]
    assert [delta["position"] for delta in deltas] == places[:-1]
    assert "Two to four days.".startswith("".join(delta["text"] for delta in deltas))
    whose = {(delta["session_name"], delta["run"], delta["version"]) for delta in deltas}
    assert whose == {(ana.conversation.name, run.pk, run.version)}


def test_a_database_that_is_away_for_a_while_does_not_end_the_runner(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "POLL_SECONDS", 0.02)
    claim, failures = services.claim_runs, iter(range(3))

    def claim_later(*, worker: str, most: int) -> list[Run]:
        if next(failures, None) is not None:
            raise ConnectionError("database is away")
        return claim(worker=worker, most=most)

    monkeypatch.setattr(services, "claim_runs", claim_later)
    with running(Script(echo)):
        assert until_closed(ask(ana.conversation)).status == Run.Status.DONE


def test_stopping_in_mid_answer_leaves_the_run_to_others(ana: OpenedSession) -> None:
    async def hang(question: Question) -> str:
        await asyncio.Event().wait()
        return "never"

    run = ask(ana.conversation)
    with running(Script(hang)):
        wait_until(lambda: now(run).status == Run.Status.RUNNING, what="the claim")
    assert now(run).status == Run.Status.RUNNING
    worker_dies(now(run))
    with running(Script(echo)):
        until_closed(run)
    assert len(said_by_ai(ana.conversation)) == 1


def test_a_stream_stops_when_a_person_is_asked_for(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answerer is told by its next piece, and nothing of it is said."""
    monkeypatch.setattr(drafts, "LOOK", 0.0)
    begun, stopped = threading.Event(), threading.Event()

    class Endless:
        async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
            try:
                while True:
                    yield Delta("word ")
                    begun.set()
                    await asyncio.sleep(0.001)
            finally:
                stopped.set()

    with running(Endless()):
        run = ask(ana.conversation)
        assert begun.wait(10)
        with tenant_scope(ana.conversation.tenant):
            customer = authors.customer(ana.customer)
            conversations.request_transfer(conversation=ana.conversation, actor=customer)
        assert stopped.wait(10)
        assert until_closed(run).status == Run.Status.DROPPED
    assert ai_messages(ana.conversation) == []


def test_a_silent_answerer_is_stopped_too_and_the_ai_types_no_more(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "RENEW_SECONDS", 0.02)
    begun = threading.Event()

    async def hang(question: Question) -> str:
        begun.set()
        await asyncio.Event().wait()
        return "never"

    with running(Script(hang)):
        run = ask(ana.conversation)
        assert begun.wait(10)
        with tenant_scope(ana.conversation.tenant):
            customer = authors.customer(ana.customer)
            conversations.request_transfer(conversation=ana.conversation, actor=customer)
        assert until_closed(run).status == Run.Status.DROPPED


def test_an_answer_that_begins_anew_is_shown_from_its_beginning(
    ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[int, str]] = []
    second = threading.Event()

    def show(event: Event, **_: object) -> None:
        if isinstance(event, AnswerDelta):
            shown.append((event.position, event.text))
            second.set()

    monkeypatch.setattr(publish, "event", show)

    class Failover:
        async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
            yield Delta("Two to")
            await asyncio.to_thread(second.wait, 10)
            second.clear()
            yield Delta("Within", anew=True)
            await asyncio.to_thread(second.wait, 10)
            yield Answer("Within two days.", Outcome.ANSWERED)

    with running(Failover()):
        until_closed(ask(ana.conversation))
    assert shown == [(0, "Two to"), (0, "Within")]


def test_what_moderation_hides_is_hidden_while_it_is_written(
    tenant: Tenant, ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(tenant):
        save_word(tenant=tenant, draft=Draft("miracle", "promise", Action.MASK))
    shown: list[str] = []
    enough = threading.Event()

    def show(event: Event, **_: object) -> None:
        if isinstance(event, AnswerDelta):
            shown.append(event.text)
            enough.set()

    monkeypatch.setattr(publish, "event", show)

    class Streaming:
        async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
            yield Delta("A mira")
            yield Delta("cle of a lamp, it is. ")
            await asyncio.to_thread(enough.wait, 10)
            yield Answer("A miracle of a lamp, it is.", Outcome.ANSWERED)

    with running(Streaming()):
        until_closed(ask(ana.conversation))
    assert "mira" not in "".join(shown)
    assert said_by_ai(ana.conversation) == ["A ******* of a lamp, it is."]


def test_an_answer_that_must_not_be_said_ends_with_a_person(
    tenant: Tenant, ana: OpenedSession
) -> None:
    with tenant_scope(tenant):
        save_word(tenant=tenant, draft=Draft("guaranteed cure", "promise", Action.BLOCK))

    async def promise(question: Question) -> str:
        return "It is a guaranteed cure."

    with running(Script(promise)):
        run = until_closed(ask(ana.conversation))
    assert (run.status, run.handoff, run.attempts) == (Run.Status.FAILED, "failure", 1)
    assert "guaranteed" not in run.error
    assert ai_messages(ana.conversation) == []
