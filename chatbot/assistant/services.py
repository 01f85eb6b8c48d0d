"""The life of a run: queued with the message, claimed under a lease, finished once.

Every customer message has its own run. A conversation's runs are claimed in the order of their
messages, one at a time: a message that comes while an older one is being answered is answered next,
so answers are never out of order, doubled or left out.
"""

from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from chatbot.assistant import bell, leases, metrics, sentences
from chatbot.assistant.answerer import Answer, Outcome, Question, Trigger
from chatbot.assistant.handover import deciding
from chatbot.assistant.handover.triggers import UNANSWERED
from chatbot.assistant.models import Run
from chatbot.assistant.runtime_settings import AssistantSettings
from chatbot.conversations import authors, moderation, selectors
from chatbot.conversations import services as conversations
from chatbot.conversations.models import AuthorKind, Conversation, Message
from chatbot.conversations.states import State
from chatbot.knowledge.services import note_unanswered, record_citations
from chatbot.knowledge.words import language_of
from chatbot.moderation.screening import Screening, TextBlocked
from chatplatform.configuration.selectors import current
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric

PAUSE_AFTER_ERROR = timedelta(seconds=1)
BATCH = 16  # runs claimed at once: other processes are to have some, too


class RunLost(Exception):
    """The run was taken over by another worker, or is finished."""


def max_attempts() -> int:
    """After so many the run is given up."""
    return current(AssistantSettings).attempts


def queue_run(*, message: Message, conversation: Conversation) -> Run | None:
    """Have the AI answer a customer's message, if it has the conversation; in its transaction.

    Where a worker of this process has room it has the run from the start, which spares the claim.
    """
    if message.author_kind != AuthorKind.CUSTOMER or conversation.state != State.AI_ACTIVE:
        return None
    worker = bell.free_worker()
    if worker is not None and leases.is_one_open(conversation):
        worker = None  # whoever claims it does so once the older one is answered
    run: Run = Run.objects.create(
        tenant=conversation.tenant,
        conversation=conversation,
        trigger=message,
        version=conversation.version,
        **(leases.claim(worker.worker, attempts=1) if worker else {}),
    )
    tell = partial(worker.take, run) if worker else bell.ring
    transaction.on_commit(tell, robust=True)
    return run


def claim_runs(*, worker: str, most: int = BATCH) -> list[Run]:
    """The oldest free runs that are first in their conversations, now the worker's; up to BATCH.

    Of several workers that want the same run one gets it; the others take the next. One query if
    there are none.
    """
    with all_tenants():
        seen = list(leases.claimable().values_list("pk", "attempts")[: 2 * BATCH])
        if not seen:
            return []
        with transaction.atomic():  # one commit for all of them
            got = (pk for pk, attempts in seen if _take(pk, attempts, worker))
            mine = list(islice(got, most))
        runs = Run.objects.select_related(
            "tenant__plan", "trigger", "conversation__tenant", "conversation__customer"
        )
        return list(runs.filter(pk__in=mine, worker=worker).order_by("pk")) if mine else []


def begin_run(*, run: Run) -> Question | None:
    """What to answer.

    None if it is too late, or if a person was fetched at once, whatever the answer would have been.
    """
    conversation = run.conversation  # as claimed, a moment ago; `finish_run` sees to it again
    with tenant_scope(run.tenant):
        if not _is_turn(conversation, run):
            drop_run(run=run)
            return None
        decision = deciding.due_before_answering(run)
        if decision is not None and decision.hands_over:
            finish_run(
                run=run, answer=Answer("", Outcome.HANDOFF_REQUESTED, trigger=decision.trigger)
            )
            return None
    metered = quotas.is_left(run.tenant, Metric.AI_MESSAGES)
    if not metered:
        quotas.tell_exhausted(tenant=run.tenant, metric=Metric.AI_MESSAGES)
    return Question(
        tenant=run.tenant,
        session_name=conversation.name,
        text=run.trigger.text,
        language=conversation.language,
        metered=metered,
        run=run.pk,
        conversation=conversation,
    )


def drop_run(*, run: Run) -> None:
    """The AI no longer has the conversation: nothing is said."""
    with tenant_scope(run.tenant), transaction.atomic():
        _close(run, Run.Status.DROPPED)
        _count(run, Run.Status.DROPPED)


def is_turn(*, run: Run) -> bool:
    """Whether the AI still has the conversation as when the question came; one query."""
    with all_tenants():
        mine = Conversation.objects.filter(
            pk=run.conversation_id, state=State.AI_ACTIVE, version=run.version
        )
        return bool(mine.exists())


def renew_lease(*, run: Run) -> bool:
    """Keep the run while working on it; False if it is no longer the worker's."""
    with all_tenants():
        return bool(leases.held(run).update(lease_until=timezone.now() + leases.LEASE))


@transaction.atomic
def finish_run(
    *, run: Run, answer: Answer, metered: bool = True, at_once: bool = False
) -> Message | None:
    """Give the answer, then the transfer that is due; the message, if there is one.

    Only the worker that holds the run may (RunLost otherwise), so it is given once. If the AI no
    longer has the conversation the run is dropped and nothing is said. A metered answer counts
    towards the tenant's plan: QuotaExhausted, and nothing has happened, if others were faster.
    `at_once`: it took no tool, so nothing waits for approval.
    """
    with tenant_scope(run.tenant):
        settled = deciding.settle(run, answer, acted=run.attempts > 1 or not at_once)
        said, handoff = settled.answer, settled.trigger or ""
        try:
            # What is said locks the conversation: after it, a transfer can't come too late.
            message = _say_counted(run, said, metered) if said.text else None
            if settled.trigger and said.outcome is Outcome.HANDOFF_REQUESTED:
                _transfer(run, settled.trigger, said.note)
        except conversations.StateConflict:
            _close(run, Run.Status.DROPPED)
            _count(run, Run.Status.DROPPED)
            return None
        outcome = said.outcome.value
        _close(run, Run.Status.DONE, outcome=outcome, handoff=handoff, answer=message)
        _remember(run, message, answer)
        _count(run, Run.Status.DONE, said.outcome, handoff)
    return message


@transaction.atomic
def release_run(*, run: Run, error: str) -> None:
    """Answering went wrong: let it be tried again soon, or give up after so many attempts."""
    if run.attempts >= max_attempts():
        fail_run(run=run, error=error)
        return
    with tenant_scope(run.tenant):
        again_at = timezone.now() + PAUSE_AFTER_ERROR * run.attempts
        changes = {"status": Run.Status.QUEUED, "worker": "", "lease_until": again_at}
        if not leases.held(run).update(error=error[:500], **changes):
            raise RunLost


@transaction.atomic
def fail_run(*, run: Run, error: str, trigger: Trigger = Trigger.FAILURE) -> None:
    """Give up: a person is fetched; where that is not wanted, the customer is offered one."""
    with tenant_scope(run.tenant):
        fetches = deciding.hands_over(run, trigger)
        outcome = Outcome.HANDOFF_REQUESTED if fetches else Outcome.HANDOFF_OFFERED
        _close(run, Run.Status.FAILED, outcome=outcome.value, handoff=trigger, error=error[:500])
        _count(run, Run.Status.FAILED, outcome, trigger)
        try:
            with transaction.atomic():
                if fetches:
                    _transfer(run, trigger)
                else:
                    _set(run, answer=_say(run, _apology(run)))
        except (conversations.StateConflict, TextBlocked):
            return  # someone else has the conversation, or not even an apology may be said


@transaction.atomic
def refuse_run(*, run: Run, screening: Screening) -> None:
    """The answer must not be said: that is kept, and a person is fetched or offered."""
    with tenant_scope(run.tenant):
        moderation.keep_refused(run.conversation, screening, authors.ai())
    fail_run(run=run, error=f"TextBlocked: {screening.text}")


def _take(pk: int, attempts: int, worker: str) -> bool:
    """Whether the run was still free, and now is the worker's."""
    still_free = Run.objects.filter(
        leases.free(timezone.now()), pk=pk, attempts=attempts, status__in=Run.OPEN
    )
    return bool(still_free.update(**leases.claim(worker, attempts=attempts + 1)))


def _close(run: Run, status: Run.Status, **changes: Any) -> None:
    now = timezone.now()
    if not leases.held(run).update(status=status, finished_at=now, lease_until=None, **changes):
        raise RunLost


def _is_turn(conversation: Conversation, run: Run) -> bool:
    return bool(conversation.state == State.AI_ACTIVE and conversation.version == run.version)


def _count(run: Run, status: Run.Status, outcome: str = "", handoff: str = "") -> None:
    count = partial(metrics.count, run, status, outcome=outcome, handoff=handoff)
    transaction.on_commit(count, robust=True)


def _set(run: Run, **changes: Any) -> None:
    Run.objects.filter(pk=run.pk).update(**changes)


def _remember(run: Run, message: Message | None, answer: Answer) -> None:
    """What the answer stood on, and what found none; also where a person answers instead."""
    if message is not None and answer.sources:
        record_citations(message=message, sources=answer.sources)
    if answer.outcome in UNANSWERED:
        language = language_of(run.trigger.text, fallback=run.conversation.language)
        note_unanswered(message=run.trigger, language=language)


def _say_counted(run: Run, answer: Answer, metered: bool) -> Message:
    if not metered:
        return _say(run, answer)
    quotas.spend(tenant=run.tenant, metric=Metric.AI_MESSAGES)
    try:
        return _say(run, answer)
    except conversations.StateConflict:
        quotas.give_back(tenant=run.tenant, metric=Metric.AI_MESSAGES)
        raise


def _say(run: Run, answer: Answer) -> Message:
    return conversations.post_message(
        conversation=run.conversation,
        author=authors.ai(),
        text=answer.text,
        data=answer.data(),
        client_id=f"run-{run.pk}",
        expected_version=run.version,
    ).message


def _transfer(run: Run, trigger: Trigger, note: str = "") -> None:
    conversation = selectors.current(run.conversation)
    if conversation.version != run.version:
        raise conversations.StateConflict(conversation)
    asked = trigger is Trigger.ASKED
    conversations.request_transfer(
        conversation=conversation,
        actor=authors.customer(conversation.customer) if asked else authors.ai(),
        reason=run.trigger.text,
        trigger=trigger.value,
        note=note,
    )


def _apology(run: Run) -> Answer:
    language = language_of(run.trigger.text, fallback=run.conversation.language)
    with translation.override(language):
        return Answer(
            sentences.failed(),
            Outcome.HANDOFF_OFFERED,
            suggestions=(sentences.talk_to_a_person(),),
        )
