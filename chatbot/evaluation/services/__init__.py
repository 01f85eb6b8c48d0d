"""What can be done with question sets, cases and evaluations; inside the tenant's scope."""

from chatbot.evaluation.services.cases import (
    NoQuestion,
    add_case_from_message,
    delete_case,
    delete_set,
    save_case,
    save_set,
)
from chatbot.evaluation.services.runs import (
    Lost,
    claim_evaluation,
    fail_evaluation,
    keep,
    note_progress,
    queue_evaluation,
)
from chatbot.evaluation.services.trials import begin_trial

__all__ = [
    "Lost",
    "NoQuestion",
    "add_case_from_message",
    "begin_trial",
    "claim_evaluation",
    "delete_case",
    "delete_set",
    "fail_evaluation",
    "keep",
    "note_progress",
    "queue_evaluation",
    "save_case",
    "save_set",
]
