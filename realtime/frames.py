"""A frame: one event, encoded once, the same bytes for everyone who listens."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from realtime.errors import RealtimeError
from realtime.events import envelope


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked HTTP/1.1 response (RFC 9112, 7.1)."""
    return b"%x\r\n%s\r\n" % (len(data), data)


@dataclass(frozen=True)
class Frame:
    """`offset` counts in its log; an ephemeral frame has no epoch and no place in it."""

    log: str
    epoch: str
    offset: int
    type: str
    channels: tuple[str, ...]
    data: str

    @classmethod
    def durable(
        cls, log: str, epoch: str, offset: int, type: str, channels: tuple[str, ...], data: str
    ) -> "Frame":
        return cls(log, epoch, offset, type, channels, data)

    @classmethod
    def ephemeral(cls, log: str, type: str, channels: tuple[str, ...], data: str) -> "Frame":
        return cls(log, "", 0, type, channels, data)

    @classmethod
    def reset(cls, log: str, epoch: str, offset: int) -> "Frame":
        """Tells a client that its position can't be continued: fetch the state, go on from here."""
        return cls(log, epoch, offset, "reset", (), envelope("reset", {}, "system"))

    @property
    def position(self) -> str | None:
        """`epoch-offset`, or None for an ephemeral frame."""
        return f"{self.epoch}-{self.offset}" if self.epoch else None

    @cached_property
    def sse(self) -> bytes:
        """A server-sent event block."""
        head = f"id: {self.position}\n" if self.epoch else ""
        return f"{head}event: {self.type}\ndata: {self.data}\n\n".encode()

    @cached_property
    def chunk(self) -> bytes:
        """The same as one HTTP/1.1 chunk."""
        return chunk(self.sse)

    @cached_property
    def json(self) -> str:
        """A WebSocket text frame: the envelope with its position as `id` in front."""
        position = f'"{self.position}"' if self.epoch else "null"
        return f'{{"id":{position},{self.data[1:]}'

    def message(self) -> dict[str, Any]:
        """The doorbell's message on the channel layer."""
        return {
            "type": "log.frame",
            "log": self.log,
            "epoch": self.epoch,
            "offset": self.offset,
            "event": self.type,
            "channels": list(self.channels),
            "data": self.data,
        }

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> "Frame":
        """A frame rung by another process; RealtimeError if the message is not one."""
        try:
            return cls(
                str(message["log"]),
                str(message["epoch"]),
                int(message["offset"]),
                str(message["event"]),
                tuple(map(str, message["channels"])),
                str(message["data"]),
            )
        except (KeyError, TypeError, ValueError):
            raise RealtimeError("not a frame") from None
