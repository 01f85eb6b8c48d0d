"""What a plan's answers a month mean: the chat goes on with the embedded answerer alone."""

from collections.abc import AsyncIterator

import pytest

from chatbot.assistant import services
from chatbot.assistant.answerer import Answer, Delta, Outcome, Question
from chatbot.assistant.models import Run
from chatbot.assistant.tests.factories import ANSWER, ask, claimed, now, said_by_ai
from chatbot.assistant.tests.test_runner import Script, echo, running, until_closed
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.tests.racing import together
from chatbot.knowledge.tests.factories import write
from chatbot.tools.choices import CallStatus
from chatbot.tools.tests.factories import call
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.quotas import QuotaExhausted
from chatplatform.tenants.usage import usage_of
from realtime.threads import in_thread

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "How long does delivery take?"
QUOTED = "Two to four working days."


@pytest.fixture
def limited(tenant: Tenant) -> Tenant:
    """The tenant may have two answers a month."""
    tenant.limits = {"ai_messages": 2}
    tenant.save()
    return tenant


def used(tenant: Tenant) -> int | None:
    return next(line.used for line in usage_of(tenant) if line.metric is Metric.AI_MESSAGES)


def lines(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        count: int = AuditEntry.objects.filter(action="quota.exhaust").count()
    return count


def begun() -> tuple[Run, Question]:
    run = claimed()
    question = services.begin_run(run=run)
    assert question is not None
    return run, question


def test_every_answer_counts(tenant: Tenant, ana: OpenedSession) -> None:
    ask(ana.conversation)
    services.finish_run(run=claimed(), answer=ANSWER)
    assert used(tenant) == 1


def test_what_is_not_said_does_not_count(tenant: Tenant, ana: OpenedSession) -> None:
    ask(ana.conversation)
    services.finish_run(run=claimed(), answer=Answer("", Outcome.HANDOFF_REQUESTED))
    other = conversations.open_session(tenant=tenant)
    ask(other.conversation)
    services.fail_run(run=claimed(), error="gone")
    assert used(tenant) == 0


def test_an_answer_that_comes_too_late_does_not_count(tenant: Tenant, ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    late = claimed()
    with tenant_scope(tenant):
        conversations.request_transfer(
            conversation=ana.conversation, actor=authors.customer(ana.customer), reason=""
        )
    assert services.finish_run(run=late, answer=ANSWER) is None
    assert (now(run).status, used(tenant)) == (Run.Status.DROPPED, 0)


def test_used_up_the_embedded_answer_still_comes(limited: Tenant, ana: OpenedSession) -> None:
    write(limited, QUESTION, QUOTED)
    with running(Script(echo)):
        runs = [ask(ana.conversation) for _ in range(4)]
        assert until_closed(runs[-1]).status == Run.Status.DONE
    assert said_by_ai(ana.conversation) == [f"You said: {QUESTION}"] * 2 + [QUOTED] * 2
    assert used(limited) == 2
    assert lines(limited) == 1


def test_the_customer_is_told_nothing_of_money(limited: Tenant, ana: OpenedSession) -> None:
    quotas.spend(tenant=limited, metric=Metric.AI_MESSAGES, amount=2)
    with running(Script(echo)):
        until_closed(ask(ana.conversation, "Is the moon made of cheese?"))
    (said,) = said_by_ai(ana.conversation)
    assert not {"plan", "limit", "quota"} & set(said.lower().split())


def test_an_answer_that_others_were_faster_than_is_not_given(
    limited: Tenant, ana: OpenedSession
) -> None:
    run = ask(ana.conversation)
    running_, question = begun()
    assert question.metered
    quotas.spend(tenant=limited, metric=Metric.AI_MESSAGES, amount=2)
    with pytest.raises(QuotaExhausted):
        services.finish_run(run=running_, answer=ANSWER)
    assert now(run).status == Run.Status.RUNNING
    services.finish_run(run=running_, answer=ANSWER, metered=False)
    assert said_by_ai(ana.conversation) == [ANSWER.text]
    assert used(limited) == 2


class Spender:
    """An answerer during whose answer the rest of the month's are used."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        spend = quotas.spend
        await in_thread(spend, tenant=self.tenant, metric=Metric.AI_MESSAGES, amount=2)
        yield Answer("Too late.", Outcome.ANSWERED)


def test_who_loses_the_last_answer_gets_the_embedded_one(
    limited: Tenant, ana: OpenedSession
) -> None:
    write(limited, QUESTION, QUOTED)
    with running(Spender(limited)):
        assert until_closed(ask(ana.conversation)).status == Run.Status.DONE
    assert said_by_ai(ana.conversation) == [QUOTED]


class Asker(Spender):
    """Before that, it asks for something that a person has to allow."""

    async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        await in_thread(_ask_for_approval, question)
        async for part in super().answer(question):
            yield part


def _ask_for_approval(question: Question) -> None:
    assert question.conversation
    call(question.conversation, CallStatus.AWAITING_APPROVAL, run=question.run)


def test_what_it_asked_for_before_still_fetches_a_person(
    limited: Tenant, ana: OpenedSession
) -> None:
    write(limited, QUESTION, QUOTED)
    with running(Asker(limited)):
        assert until_closed(ask(ana.conversation)).handoff == "approval"
    assert said_by_ai(ana.conversation) == [QUOTED]


@pytest.mark.postgres
def test_two_answers_at_once_do_not_pass_the_limit(limited: Tenant, ana: OpenedSession) -> None:
    quotas.spend(tenant=limited, metric=Metric.AI_MESSAGES)
    other = conversations.open_session(tenant=limited)
    first, second = ask(ana.conversation), ask(other.conversation)
    one, two = claimed("a"), claimed("b")
    assert {one.pk, two.pk} == {first.pk, second.pk}
    results = together(
        limited,
        lambda: services.finish_run(run=one, answer=ANSWER),
        lambda: services.finish_run(run=two, answer=ANSWER),
    )
    assert sum(isinstance(result, QuotaExhausted) for result in results) == 1
    assert used(limited) == 2
