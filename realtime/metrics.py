"""What /metrics says about the wire."""

from prometheus_client import Counter, Gauge

TRANSPORT = ["transport", "way"]  # sse or websocket; lane (straight to the socket) or send

connections = Gauge(
    "realtime_connections", "Open streams and sockets, by how they are written to.", TRANSPORT
)
listeners = Gauge(
    "realtime_listeners", "Entries of the hubs: each connection, once for each channel it hears."
)
tasks = Gauge("realtime_tasks", "Tasks on the event loops that serve streams and sockets.")
layer_up = Gauge("realtime_layer_up", "1 while Redis carries the doorbells, else 0.")
log_lag = Gauge(
    "realtime_log_lag_events", "Events in the log that this process has not applied yet."
)
events_applied = Counter(
    "realtime_events_applied_total", "Durable events applied, by how they came.", ["by"]
)
deliveries = Counter("realtime_deliveries_total", "Events handed to a connection.")
resets = Counter(
    "realtime_resets_total", "Connections told to fetch their state again.", ["reason"]
)
slow_closed = Counter(
    "realtime_slow_readers_closed_total", "Connections closed because they did not read."
)
revoked = Counter(
    "realtime_connections_revoked_total", "Connections ended because their right to listen did."
)
rings_dropped = Counter(
    "realtime_rings_dropped_total", "Doorbells given up because too many waited."
)


def open_connections() -> int:
    """Streams and sockets of this process, of all kinds."""
    samples = [sample for metric in connections.collect() for sample in metric.samples]
    return int(sum(sample.value for sample in samples))
