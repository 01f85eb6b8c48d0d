"""Customers who ask and listen: raw sockets in one event loop, so that little of it is theirs."""

import asyncio
import json
import time
from dataclasses import dataclass

from tests.people import Customer


@dataclass
class Asking:
    """One customer's stream and the connection she posts on."""

    customer: Customer
    port: int

    async def come(self) -> None:
        """Open both; the stream from where the session is."""
        self._stream, writer = await asyncio.open_connection("127.0.0.1", self.port)
        path = f"{self.customer.path('/events')}?last={self.customer.position}"
        writer.write(self._head("GET", path, 0))
        await self._stream.readuntil(b"\r\n\r\n")
        self._answers, self._post = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers = (writer, self._post)

    async def asks(self, text: str, *, seconds: float = 30) -> float:
        """Milliseconds from sending the question until the first words of the answer are heard."""
        body = json.dumps({"text": text}).encode()
        began = time.perf_counter()
        self._post.write(self._head("POST", self.customer.path("/messages"), len(body)) + body)
        async with asyncio.timeout(seconds):
            heard = await self._hears()
            await self._accepted()
        return (heard - began) * 1000

    def goes(self) -> None:
        """Close both."""
        for writer in self._writers:
            writer.close()

    async def _hears(self) -> float:
        """When the first words came; returns after the last."""
        first = 0.0
        while True:
            kind, data = await self._event()
            answers = kind == b"new_message" and b'"kind":"ai"' in data
            if (answers or kind == b"answer_delta") and not first:
                first = time.perf_counter()
            if answers:
                return first

    async def _event(self) -> tuple[bytes, bytes]:
        kind = b""
        while True:
            line = await self._stream.readline()
            if not line:
                raise ConnectionError("the stream ended")
            if line.startswith(b"event: "):
                kind = line[7:].strip()
            elif line.startswith(b"data: "):
                return kind, line

    async def _accepted(self) -> None:
        head = await self._answers.readuntil(b"\r\n\r\n")
        if b" 201 " not in head.split(b"\r\n", 1)[0]:
            raise ConnectionError(head.decode())
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        await self._answers.readexactly(length)

    def _head(self, method: str, path: str, length: int) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.customer.token}",
            "Content-Type: application/json",
            f"Content-Length: {length}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()
