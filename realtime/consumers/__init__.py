"""Two thin transports over the same hub."""

from realtime.consumers.socket import EventSocket
from realtime.consumers.stream import EventStream

__all__ = ["EventSocket", "EventStream"]
