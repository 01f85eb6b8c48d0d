"""Posts messages inside one process, without a server, and prints what each part took as JSON.

    python -m benchmarks.post_timed http|socket COUNT

`http` posts by turns through Django with all its middleware (the total is kept) and without any
(the parts are); `socket` carries out a WebSocket frame.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import django

django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - needs the app registry
from django.db import transaction  # noqa: E402 - likewise
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402 - likewise
from django.db.backends.utils import CursorWrapper  # noqa: E402 - likewise

from benchmarks.parts import Clock  # noqa: E402 - likewise
from chatbot.conversations import api, frames, services  # noqa: E402 - likewise
from chatbot.conversations.authors import customer  # noqa: E402 - likewise
from chatplatform.accounts.models import User  # noqa: E402 - likewise
from chatplatform.audit import services as audit  # noqa: E402 - likewise
from chatplatform.door import FrontDoor  # noqa: E402 - likewise
from chatplatform.kernel.scoping import tenant_scope  # noqa: E402 - likewise
from chatplatform.tenants.models import Tenant  # noqa: E402 - likewise
from realtime import doorbell, publish  # noqa: E402 - likewise
from realtime.threads import in_thread  # noqa: E402 - likewise

CHATBOT, FRAMEWORK = "chatplatform.urls.chatbot", "framework"
WARM = 10  # the first open connections and fill caches

Post = Callable[[str], Awaitable[None]]  # with its client_id


def served_session() -> tuple[str, str]:
    """Name and token of a conversation that an agent has, so that no AI answers."""
    tenant = Tenant.objects.get(slug="demo")
    opened = services.open_session(tenant=tenant, name="Ana")
    with tenant_scope(tenant):
        actor = customer(opened.customer)
        services.request_transfer(conversation=opened.conversation, actor=actor)
        services.accept_conversation(
            conversation=opened.conversation, agent=User.objects.get(username="agent1")
        )
    return opened.conversation.name, opened.token


def timed_parts() -> Clock:
    clock = Clock()
    for owner in (api, frames):
        clock.wrap(owner, "access_session", "authorise")
    clock.wrap(api, "read_body", "read the body")
    clock.wrap(services, "post_message", "service")
    clock.wrap(audit, "record", "audit line")
    clock.wrap(publish, "to_channels", "log append")
    clock.wrap(doorbell, "ring", "doorbell")
    clock.wrap(CursorWrapper, "_execute", "database: statements")
    clock.wrap(BaseDatabaseWrapper, "_commit", "database: commit")
    clock.wrap(transaction.Atomic, "__exit__", "service")  # what it runs after a commit included
    return clock


def over_http(name: str, token: str, handler: FrontDoor) -> Post:
    path = f"/api/v1/sessions/{name}/messages"
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"content-type", b"application/json"),
            (b"authorization", f"Bearer {token}".encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }

    async def post(client_id: str) -> None:
        body = json.dumps({"text": "x" * 80, "client_id": client_id}).encode()
        length = (b"content-length", str(len(body)).encode())
        request = {"type": "http.request", "body": body, "more_body": False}
        waiting, sent = [request], []

        async def receive() -> Any:
            return waiting.pop() if waiting else await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        await handler({**scope, "headers": [*scope["headers"], length]}, receive, send)
        assert sent[0]["status"] == 201, sent

    return post


def over_socket(name: str, token: str) -> Post:
    async def post(client_id: str) -> None:
        frame = {"type": "message", "text": "x" * 80, "client_id": client_id}
        answer = await in_thread(frames.carry_out, token, name, frame)
        assert answer
        assert answer["type"] == "ack", answer

    return post


async def measure(
    post: Post, clock: Clock, count: int, around: Post | None
) -> dict[str, list[dict[str, float]]]:
    """`around` is the same call in its whole house, if there is more around it."""
    taken: dict[str, list[dict[str, float]]] = {"parts": [], "around": []}
    for number in range(count + WARM):
        for name, call in (("parts", post), ("around", around)):
            if call is not None:
                with clock.part(FRAMEWORK):
                    await call(f"{name}-{number}")
                taken[name].append(clock.read())
    return {name: calls[WARM:] for name, calls in taken.items()}


how, count = sys.argv[1], int(sys.argv[2])
session, key = served_session()
clock = timed_parts()
around = None
if how == "http":
    around = over_http(session, key, FrontDoor(CHATBOT))
    settings.MIDDLEWARE = []
    post = over_http(session, key, FrontDoor(CHATBOT))
else:
    post = over_socket(session, key)
print(json.dumps(asyncio.run(measure(post, clock, count, around))))
