from prometheus_client import Counter

_CALLS = Counter(
    "plugin_calls_total",
    "Calls of plugins: calls (that went well), failed, abandoned, missed.",
    ["plugin", "result"],
)


def count(plugin: str, result: str) -> None:
    _CALLS.labels(plugin, result).inc()
