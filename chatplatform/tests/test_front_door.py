import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from channels.testing import ApplicationCommunicator
from django.core.signals import request_finished, request_started
from django.http import StreamingHttpResponse

from chatplatform.door import FrontDoor
from chatplatform.kernel.http import BODY_LIMIT

SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "query_string": b"",
    "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
    "client": ("127.0.0.1", 50000),
    "server": ("127.0.0.1", 8000),
}


async def post_in_chunks(path: str, *chunks: bytes) -> tuple[int, dict[str, Any]]:
    """Send a body whose length no header announces."""
    door = FrontDoor("chatplatform.kernel.tests.urls")
    caller: Any = ApplicationCommunicator(door, {**SCOPE, "path": path})  # type: ignore[no-untyped-call]
    for chunk in chunks:
        await caller.send_input({"type": "http.request", "body": chunk, "more_body": True})
    await caller.send_input({"type": "http.request", "body": b""})
    start = await caller.receive_output(10)
    body = await caller.receive_output(10)
    await caller.wait()
    return start["status"], json.loads(body["body"])


@pytest.mark.django_db(transaction=True)
async def test_a_body_in_chunks_arrives_whole() -> None:
    status, body = await post_in_chunks("/api/v1/notes", b'{"text": "he', b'llo"}')
    assert (status, body["text"]) == (201, "hello")


@pytest.mark.django_db(transaction=True)
async def test_a_body_in_chunks_is_limited_too() -> None:
    chunks = [b'{"text": "', *[b"a" * 65536] * (BODY_LIMIT // 65536 + 1), b'"}']
    status, body = await post_in_chunks("/api/v1/notes", *chunks)
    assert (status, body["code"]) == (413, "too_large")


async def test_a_request_stays_on_one_thread_that_serves_the_next_one_too() -> None:
    door = FrontDoor("chatplatform.urls.chatbot")
    before = set(threading.enumerate())
    for _ in range(3):
        caller: Any = ApplicationCommunicator(door, {**SCOPE, "method": "GET", "path": "/healthz"})  # type: ignore[no-untyped-call]
        await caller.send_input({"type": "http.request", "body": b""})
        assert (await caller.receive_output(10))["status"] == 200
        await caller.receive_output(10)
        await caller.wait()
    started = set(threading.enumerate()) - before
    assert len([thread for thread in started if thread.name.startswith("request-")]) == 1


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")  # as files are
async def test_what_is_streamed_ends_when_it_has_been_sent_and_on_its_own_thread() -> None:
    heard: list[tuple[str, str]] = []

    def hear(what: str) -> None:
        heard.append((what, threading.current_thread().name))

    class Source:
        def __iter__(self) -> Iterator[bytes]:
            hear("read")
            yield b"a file"

        def close(self) -> None:
            hear("closed")

    def started(**_signal: Any) -> None:
        hear("started")

    def finished(**_signal: Any) -> None:
        hear("finished")

    door = FrontDoor("chatplatform.urls.chatbot")
    door.get_response = lambda request: StreamingHttpResponse(Source())  # type: ignore[method-assign]
    request_started.connect(started)
    request_finished.connect(finished)
    try:
        caller: Any = ApplicationCommunicator(door, {**SCOPE, "method": "GET", "path": "/"})  # type: ignore[no-untyped-call]
        await caller.send_input({"type": "http.request", "body": b""})
        await caller.receive_output(10)
        assert (await caller.receive_output(10))["body"] == b"a file"
        await caller.wait()
    finally:
        request_started.disconnect(started)
        request_finished.disconnect(finished)
    assert [what for what, _thread in heard] == ["started", "read", "closed", "finished"]
    assert len({thread for _what, thread in heard}) == 1


async def test_who_leaves_before_the_body_is_whole_keeps_no_thread_busy() -> None:
    door = FrontDoor("chatplatform.urls.chatbot")
    idle = door._idle.qsize()
    caller: Any = ApplicationCommunicator(door, {**SCOPE, "path": "/api/v1/sessions"})  # type: ignore[no-untyped-call]
    await caller.send_input({"type": "http.request", "body": b"{", "more_body": True})
    await caller.send_input({"type": "http.disconnect"})
    await caller.wait()
    assert await caller.receive_nothing()
    assert door._idle.qsize() == idle
