from prometheus_client import Counter, Histogram

_ASKED = Counter(
    "copilot_requests_total",
    "What agents asked the copilot, by task and by what became of it.",
    ["task", "outcome"],
)
_SECONDS = Histogram(
    "copilot_answer_seconds",
    "From an agent's request to the whole draft.",
    ["task"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60),
)


def count(task: str, outcome: str, seconds: float) -> None:
    """A request has ended: `outcome` is the draft's origin, an error's code, or `stopped`."""
    _ASKED.labels(task, outcome).inc()
    _SECONDS.labels(task).observe(seconds)
