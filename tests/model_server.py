"""An OpenAI-compatible server on loopback that can go wrong in every way we know of.

    python -m tests.model_server --port 9999

Which way is what the test has it play, or else the model's name in the request: a provider whose
model is called "cut" breaks off in mid-sentence. By hand, any other name answers from the passages
it was given, or says that it does not know; in tests, it says `text`.
"""

import argparse
import asyncio
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.model_scenarios import SCENARIOS, SENTENCE, Asked, Cut, Refusal, Scenario, fine, grounded


class ModelServer:
    """`text` is what good replies say, `pace` the seconds between words, `asked` what came in."""

    def __init__(self) -> None:
        self.text = SENTENCE
        self.tool, self.arguments = "order_status", '{"number": "A-1001"}'
        self.pace = 0.0
        self.retry_after = "1"
        self.otherwise: Scenario = fine
        self.asked: list[Asked] = []
        self.port = 0
        self.listening = threading.Event()
        self._script: deque[Scenario] = deque()
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def plays(self, *names: str) -> None:
        """Answer with these in turn, and with the last for good, whatever model is asked for."""
        self._script = deque(SCENARIOS[name] for name in names)

    async def closing(self) -> None:
        await self._closing.wait()

    async def serve(self, port: int = 0) -> None:
        """Until cancelled."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.port = server.sockets[0].getsockname()[1]
        self.listening.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self._closing.set()
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)  # for the connections to be closed

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            with suppress(
                ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, Cut
            ):
                while asked := await _request(reader):
                    self.asked.append(asked)
                    await self._answer(asked, writer)
        finally:
            writer.transport.abort()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path.endswith("/embeddings"):
            await _whole(writer, 200, embeddings(asked))
            return
        packets = self._next(asked)(self, asked)
        begun = False
        try:
            async for packet in packets:
                if not begun:
                    begun = True
                    writer.write(_STREAM_HEAD)
                await _send(writer, packet if isinstance(packet, bytes) else _event(packet))
        except Refusal as refusal:
            error = {"error": {"message": refusal.message, "type": "error"}}
            await _whole(writer, refusal.status, error, refusal.headers)
            return
        await _send(writer, b"data: [DONE]\n\n")
        await _send(writer, b"")

    def _next(self, asked: Asked) -> Scenario:
        if self._script:
            return self._script.popleft() if len(self._script) > 1 else self._script[0]
        return SCENARIOS.get(str(asked.body.get("model")), self.otherwise)


def embeddings(asked: Asked) -> dict[str, Any]:
    """Vectors of 64 numbers: texts that share pairs of letters are near each other."""
    given = asked.body["input"]
    texts = [given] if isinstance(given, str) else given
    rows = []
    for index, text in enumerate(texts):
        vector = [0.001] * 64
        for one, other in zip(text.lower(), text.lower()[1:], strict=False):
            vector[(ord(one) * 31 + ord(other)) % 64] += 1.0
        rows.append({"object": "embedding", "index": index, "embedding": vector})
    counts = {"prompt_tokens": sum(map(len, texts)), "total_tokens": sum(map(len, texts))}
    return {"object": "list", "model": "letters", "data": rows, "usage": counts}


_STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)


def _event(chunk: dict[str, Any]) -> bytes:
    head = {"id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": "test"}
    return b"data: " + json.dumps({**head, **chunk}, ensure_ascii=False).encode() + b"\n\n"


async def _send(writer: asyncio.StreamWriter, packet: bytes) -> None:
    """One packet; an empty one ends the reply."""
    writer.write(b"%x\r\n%s\r\n" % (len(packet), packet))
    await writer.drain()


async def _whole(
    writer: asyncio.StreamWriter, status: int, body: Any, headers: dict[str, str] | None = None
) -> None:
    content = json.dumps(body).encode()
    lines = {"Content-Type": "application/json", "Content-Length": len(content), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"HTTP/1.1 {status} Answer\r\n{head}\r\n".encode() + content)
    await writer.drain()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    """The next request of a connection; None at its end."""
    line = (await reader.readline()).decode()
    if not line:
        return None
    headers = {}
    while header := (await reader.readline()).decode().strip():
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(line.split()[1], headers, json.loads(body) if body else {})


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A server in a thread of its own, on a port of its own."""
    server = ModelServer()
    loop = asyncio.new_event_loop()
    task = loop.create_task(server.serve())

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        assert server.listening.wait(10)
        yield server
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)
        assert not thread.is_alive()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.model_server", description=__doc__)
    parser.add_argument("--port", type=int, default=9999)
    parser.add_argument("--pace", type=float, default=0.05, help="seconds between words")
    arguments = parser.parse_args()
    server = ModelServer()
    server.pace, server.otherwise = arguments.pace, grounded
    print(f"http://127.0.0.1:{arguments.port}/v1; models: {', '.join(SCENARIOS)}")  # noqa: T201
    with suppress(KeyboardInterrupt):
        asyncio.run(server.serve(arguments.port))


if __name__ == "__main__":
    main()
