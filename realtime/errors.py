class RealtimeError(ValueError):
    """A publisher's mistake: a bad channel, type, payload or source. Says which and why."""
