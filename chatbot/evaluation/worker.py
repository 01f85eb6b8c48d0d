"""Asks the sets that wait, in the background; a killed process' evaluation is taken over."""

import structlog

from chatbot.evaluation import services
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
            try:
                services.evaluate(run=run)
            except Exception as error:
                logger.exception("evaluation_failed", evaluation=run.pk)
                services.fail_evaluation(run=run, error=f"{type(error).__name__}: {error}")
