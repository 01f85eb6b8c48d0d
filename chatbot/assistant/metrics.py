from django.utils import timezone
from prometheus_client import Counter, Histogram

from chatbot.assistant.models import Run

_RUNS = Counter(
    "assistant_runs_total",
    "Customer messages the AI dealt with, by what became of them.",
    ["status"],
)
_OUTCOMES = Counter(
    "assistant_outcomes_total",
    "What came of the questions, and why a person was fetched or offered, if one was.",
    ["outcome", "trigger"],
)
_SECONDS = Histogram(
    "assistant_answer_seconds",
    "From the customer's message to the AI's answer.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)


def count(run: Run, status: Run.Status, *, outcome: str = "", handoff: str = "") -> None:
    """A run has ended, and this is committed."""
    _RUNS.labels(status.value).inc()
    if outcome:
        _OUTCOMES.labels(str(outcome), str(handoff)).inc()
    if status == Run.Status.DONE:
        _SECONDS.observe((timezone.now() - run.created_at).total_seconds())
