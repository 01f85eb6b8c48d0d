"""Evaluations as they are read."""

from django.utils.translation import gettext as _

from chatbot.evaluation.measures import Question, Reply, Result
from chatbot.evaluation.models import EvaluationRun


def told(error: str) -> str:
    """Why an evaluation failed, in the reader's language where it is a sentence of ours."""
    return _(error) if error else ""


def results_of(run: EvaluationRun) -> list[Result]:
    """What came of it, so far."""
    return [
        Result(
            Question(row["question"], row["language"], row["expected"], key=row["case"]),
            Reply(tuple(row["found"]), row["answer"], also=tuple(row.get("also", ()))),
        )
        for row in run.results
    ]
