"""How the wire is, for health pages."""

from dataclasses import dataclass

from channels.layers import get_channel_layer

from realtime import hub, metrics


@dataclass(frozen=True)
class Status:
    """`layer` is redis, memory or unknown, since `layer_since` (s since the epoch); `lag` counts
    events in the log that this process has not applied; `connections` its streams and sockets."""

    layer: str
    layer_since: float | None
    lag: int
    connections: int
    database_ok: bool


def snapshot() -> Status:
    """This process' wire, without touching database or network."""
    hubs = hub.running()
    health = getattr(get_channel_layer(), "health", None)
    return Status(
        layer=health.name if health is not None else "unknown",
        layer_since=health.since if health is not None else None,
        lag=sum(feed.behind for each in hubs for feed in each.feeds.values()),
        connections=metrics.open_connections(),
        database_ok=all(each.tailer.database_ok for each in hubs),
    )
