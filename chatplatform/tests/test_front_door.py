import json
from typing import Any

import pytest
from channels.testing import ApplicationCommunicator

from chatplatform.asgi import FrontDoor
from chatplatform.kernel.http import BODY_LIMIT


async def post_in_chunks(path: str, *chunks: bytes) -> tuple[int, dict[str, Any]]:
    """Send a body whose length no header announces."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    door = FrontDoor("chatplatform.kernel.tests.urls")
    caller: Any = ApplicationCommunicator(door, scope)  # type: ignore[no-untyped-call]
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
