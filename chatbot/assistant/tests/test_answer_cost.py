"""What an embedded answer asks of the database: more is a regression."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from chatbot.assistant import bell, choice, services
from chatbot.assistant.answerer import Answer, Outcome
from chatbot.assistant.models import Run
from chatbot.assistant.tests.factories import ask, now
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.services import OpenedSession
from chatbot.knowledge.tests.factories import write
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

# The conversation's row, the message, its audit line; whether an older run is open, the run, which
# is its worker's already; the log's row, the event; begin and commit.
POST = 9
# This turn's earlier runs; that moderation found nothing is known from the post.
BEGIN = 1
# The tenant's models; tools by their wordings; whether the passages in memory are the latest ones.
SEARCH = 3
# What is spent of the plan; the conversation's row, the message, its audit line; the log's row, the
# event; the run; the citation; begin and commit, and a savepoint within.
FINISH = 12


class Desk:
    """A worker that has room, and keeps what it is given."""

    worker = "desk"

    def __init__(self) -> None:
        self.taken: list[Run] = []

    def has_room(self) -> bool:
        return True

    def take(self, run: Run) -> None:
        self.taken.append(run)

    def wake(self) -> None:
        raise AssertionError("nothing has to be claimed")


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    bell.listen(made)
    yield made
    bell.leave(made)


@pytest.mark.parametrize("earlier", [1, 20])
def test_an_answer_costs_as_many_queries_however_long_the_conversation(
    tenant: Tenant,
    ana: OpenedSession,
    desk: Desk,
    earlier: int,
    django_capture_on_commit_callbacks: Callable[..., Any],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    write(tenant, "How long does delivery take?", "Two to four working days.")
    for _ in range(earlier):
        with django_capture_on_commit_callbacks(execute=True):
            ask(ana.conversation, "Hello")
        services.finish_run(run=desk.taken.pop(), answer=Answer("Hi.", Outcome.GREETING))
    with django_capture_on_commit_callbacks(execute=True), tenant_scope(tenant):
        author = authors.customer(ana.customer)
        with django_assert_num_queries(POST):
            conversations.post_message(
                conversation=ana.conversation, author=author, text="How long is the delivery?"
            )
    (run,) = desk.taken
    with django_assert_num_queries(BEGIN):
        question = services.begin_run(run=run)
    assert question
    choice.choose(question)  # the index is built once
    with django_assert_num_queries(SEARCH):
        answer = choice.choose(question)
    assert isinstance(answer, Answer)
    with django_assert_num_queries(FINISH):
        services.finish_run(run=run, answer=answer, at_once=True)
    assert (now(run).status, now(run).outcome) == (Run.Status.DONE, "answered")


def test_the_second_of_two_messages_is_left_to_whoever_claims_it(
    ana: OpenedSession,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    """So that a conversation's questions are answered one after the other."""
    rung: list[bool] = []
    monkeypatch.setattr(desk, "wake", lambda: rung.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        first, second = ask(ana.conversation, "one"), ask(ana.conversation, "two")
    assert (now(first).status, now(second).status) == (Run.Status.RUNNING, Run.Status.QUEUED)
    assert [run.pk for run in desk.taken] == [first.pk]
    assert rung == [True]
    assert not services.claim_runs(worker="other")
    services.finish_run(run=desk.taken[0], answer=Answer("1", Outcome.ANSWERED))
    assert [run.pk for run in services.claim_runs(worker="other")] == [second.pk]
