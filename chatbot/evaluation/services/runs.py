"""Evaluations from the queue to their end; inside the tenant's scope."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chatbot.evaluation import measures
from chatbot.evaluation.measures import Result
from chatbot.evaluation.models import EvaluationRun, QuestionSet
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor

LEASE = timedelta(minutes=5)


class Lost(Exception):
    """The evaluation is not ours any more: it was deleted with its draft, or ended elsewhere."""


@transaction.atomic
def queue_evaluation(*, question_set: QuestionSet, actor: Actor = SYSTEM) -> EvaluationRun:
    """Have the set asked in the background."""
    run: EvaluationRun = EvaluationRun.objects.create(
        tenant=question_set.tenant, question_set=question_set, started_by=actor.label[:160]
    )
    audit.record(
        tenant=question_set.tenant, actor=actor, action="questionset.evaluate", target=question_set
    )
    return run


def claim_evaluation() -> EvaluationRun | None:
    """The oldest that waits, or whose process was killed; now ours. In the scope of all tenants."""
    now = timezone.now()
    free = Q(status=EvaluationRun.Status.QUEUED) | Q(
        status=EvaluationRun.Status.RUNNING, lease_until__lt=now
    )
    for seen in EvaluationRun.objects.filter(free).order_by("pk")[:5]:
        ours = EvaluationRun.objects.filter(free, pk=seen.pk)
        if ours.update(status=EvaluationRun.Status.RUNNING, lease_until=now + LEASE):
            rows = EvaluationRun.objects.select_related("tenant__plan", "prompt")
            run: EvaluationRun = rows.get(pk=seen.pk)
            return run
    return None


def note_progress(*, run: EvaluationRun, results: Sequence[Result], total: int) -> None:
    """What came so far: shown, and not asked again if this process dies. Raises Lost."""
    plain = [_plain(each) for each in results]
    _set(run, results=plain, asked=len(plain), total=total, lease_until=timezone.now() + LEASE)


def keep(*, run: EvaluationRun, results: Sequence[Result], model: str) -> EvaluationRun:
    """Close the run with its results. Raises Lost."""
    groups = {"": measures.figures(results), **measures.by_group(results)}
    _close(
        run,
        EvaluationRun.Status.DONE,
        figures={group: figures.as_json() for group, figures in groups.items()},
        results=[_plain(each) for each in results],
        asked=len(results),
        total=len(results),
        model=model,
        error="",
    )
    return run


def fail_evaluation(*, run: EvaluationRun, error: str) -> None:
    """It could not be asked; says why. Raises Lost."""
    _close(run, EvaluationRun.Status.FAILED, error=error[:300])


def _close(run: EvaluationRun, status: EvaluationRun.Status, **told: object) -> None:
    _set(run, status=status, finished_at=timezone.now(), lease_until=None, **told)


def _set(run: EvaluationRun, **changes: object) -> None:
    """Only while it runs: what was deleted meanwhile must not come back. Raises Lost."""
    held = EvaluationRun.objects.filter(pk=run.pk, status=EvaluationRun.Status.RUNNING)
    if not held.update(**changes):
        raise Lost
    for name, value in changes.items():
        setattr(run, name, value)


def _plain(result: Result) -> dict[str, Any]:
    question, reply = result.question, result.reply
    return {
        "case": question.key,
        "question": question.text,
        "language": question.language,
        "expected": question.expected,
        "found": list(reply.found),
        "answer": reply.answer,
        "also": list(reply.also),
        "right": result.is_right,
    }
