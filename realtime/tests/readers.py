"""Readers and clients for the tests of the wire."""

import asyncio
from collections.abc import Callable
from typing import Any

from asgiref.testing import ApplicationCommunicator

from realtime.feed import Connection
from realtime.frames import Frame
from realtime.log import Position


def frame(offset: int, *channels: str, epoch: str = "e1", type: str = "note") -> Frame:
    names = channels or ("sse:session:a",)
    return Frame(
        "demo", epoch, offset, type, names, f'{{"type":"{type}","payload":{{"n":{offset}}}}}'
    )


class Recorder(Connection):
    """A connection that remembers what it was given."""

    def __init__(self, *channels: str) -> None:
        self.channels = frozenset(channels or ("sse:session:a",))
        self.ended = False
        self.frames: list[Frame] = []
        self.beats: list[Position] = []

    def deliver(self, frame: Frame) -> None:
        self.frames.append(frame)

    def beat(self, position: Position) -> None:
        self.beats.append(position)

    async def flushed(self) -> None:
        await asyncio.sleep(0)

    def end(self) -> None:
        self.ended = True

    @property
    def offsets(self) -> list[int]:
        return [frame.offset for frame in self.frames]

    @property
    def types(self) -> list[str]:
        return [frame.type for frame in self.frames]


async def until(condition: Callable[[], object], *, seconds: float = 5) -> None:
    """Wait for a condition on this loop; AssertionError if it never holds."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.005)


class StreamClient:
    """Reads an SSE response block by block."""

    def __init__(self, application: Any, path: str, query: str = "", **headers: str) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
            ],
        }
        self.communicator = ApplicationCommunicator(application, scope)
        self.text = ""

    async def open(self) -> dict[str, Any]:
        await self.communicator.send_input({"type": "http.request", "body": b""})
        start: dict[str, Any] = await self.communicator.receive_output(5)
        return start

    async def read_until(self, wanted: str) -> str:
        while wanted not in self.text:
            message = await self.communicator.receive_output(5)
            self.text += message["body"].decode()
        return self.text

    async def body(self) -> str:
        more = True
        while more:
            message = await self.communicator.receive_output(5)
            self.text += message["body"].decode()
            more = message.get("more_body", False)
        return self.text

    async def leave(self) -> None:
        await self.communicator.send_input({"type": "http.disconnect"})
        await self.communicator.wait(5)
