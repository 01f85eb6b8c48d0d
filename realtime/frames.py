"""A frame: one event, encoded once, the same bytes for everyone who listens."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from realtime.errors import RealtimeError


@dataclass(frozen=True)
class Frame:
    """`offset` counts in its log; an ephemeral frame has offset 0 and no place in the log."""

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

    @property
    def position(self) -> str | None:
        """`epoch-offset`, or None for an ephemeral frame."""
        return f"{self.epoch}-{self.offset}" if self.offset else None

    @cached_property
    def sse(self) -> bytes:
        """A server-sent event block."""
        head = f"id: {self.position}\n" if self.offset else ""
        return f"{head}event: {self.type}\ndata: {self.data}\n\n".encode()

    @cached_property
    def json(self) -> str:
        """A WebSocket text frame: the envelope with its position as `id` in front."""
        position = f'"{self.position}"' if self.offset else "null"
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
