from prometheus_client import Counter, Histogram

from chatbot.tools.models import ToolCall

_CALLS = Counter("tool_calls_total", "Calls of tools, by what became of them.", ["tool", "status"])
_SECONDS = Histogram(
    "tool_call_seconds",
    "How long a tool took to answer, retries included.",
    ["tool"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)


def count(call: ToolCall) -> None:
    """A call has ended, and this is committed."""
    _CALLS.labels(call.tool_name, str(call.status)).inc()
    if call.latency_ms is not None:
        _SECONDS.labels(call.tool_name).observe(call.latency_ms / 1000)
