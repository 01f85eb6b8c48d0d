"""Asks the sets that wait, in the background; a killed process' evaluation is taken over."""

import structlog

from chatbot.evaluation import measures, rehearsals, services, subjects
from chatbot.evaluation.models import EvaluationRun
from chatbot.evaluation.ways import as_searched
from chatplatform.kernel.scoping import all_tenants, tenant_scope

logger = structlog.get_logger(__name__)


def evaluate_pending() -> None:
    """Every evaluation that waits, one after the other."""
    while True:
        with all_tenants():
            run = services.claim_evaluation()
        if run is None:
            return
        with tenant_scope(run.tenant):
            _evaluate(run)


def _evaluate(run: EvaluationRun) -> None:
    try:
        _ask(run)
    except services.Lost:
        logger.info("evaluation_lost", evaluation=run.pk)


def _ask(run: EvaluationRun) -> None:
    try:
        if run.fingerprint:
            rehearsals.evaluate(run=run)
        else:
            _search(run)
    except services.Lost:
        raise
    except rehearsals.NotRehearsed as error:
        services.fail_evaluation(run=run, error=str(error))
    except Exception as error:
        logger.exception("evaluation_failed", evaluation=run.pk)
        services.fail_evaluation(run=run, error=f"{type(error).__name__}: {error}")


def _search(run: EvaluationRun) -> None:
    """Ask of what is published, without a model."""
    subject = subjects.knowledge_of(run.tenant)
    questions = subjects.questions_of(run.question_set)
    results = measures.ask(as_searched(subject.catalogue, subject.embed), questions)
    services.keep(run=run, results=results, model=subject.model)
