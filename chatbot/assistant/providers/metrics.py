from prometheus_client import Counter, Gauge, Histogram

from chatbot.assistant.providers.breaker import State
from chatbot.assistant.providers.purposes import CallStatus, Purpose

_CALLS = Counter(
    "assistant_model_calls_total",
    "Calls to language models, by what became of them. A provider is known by its row's key.",
    ["provider", "purpose", "status"],
)
_TOKENS = Counter(
    "assistant_model_tokens_total", "Tokens read and written by models.", ["provider", "direction"]
)
_FIRST = Histogram(
    "assistant_model_first_token_seconds",
    "From the request to the first piece of the reply.",
    ["provider"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
_BREAKER = Gauge(
    "assistant_model_breaker",
    "Whether this process asks the provider: 0 yes, 1 it tries once, 2 no.",
    ["provider"],
)


def count(
    provider: str,
    purpose: Purpose,
    status: CallStatus,
    *,
    tokens_in: int,
    tokens_out: int,
    first_token: float | None,
) -> None:
    """A call has ended, and this is committed; `first_token` in seconds, None if none came."""
    _CALLS.labels(provider, purpose.value, status.value).inc()
    _TOKENS.labels(provider, "in").inc(tokens_in)
    _TOKENS.labels(provider, "out").inc(tokens_out)
    if first_token is not None:
        _FIRST.labels(provider).observe(first_token)


def show_breaker(provider: str, state: State) -> None:
    _BREAKER.labels(provider).set(state.value)
