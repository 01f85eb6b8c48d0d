"""Posts messages inside one process, without a server, and prints what each part took as JSON.

    python -m benchmarks.post_timed http|bare|socket COUNT

`http` is Django with all its middleware, `bare` the same without any, `socket` a WebSocket frame.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import django

django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - needs the app registry
from django.core.handlers import asgi  # noqa: E402 - likewise
from django.db import transaction  # noqa: E402 - likewise
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402 - likewise
from django.db.backends.utils import CursorWrapper  # noqa: E402 - likewise

from benchmarks.parts import Clock  # noqa: E402 - likewise
from chatbot.conversations import api, frames, services  # noqa: E402 - likewise
from chatbot.conversations.authors import customer  # noqa: E402 - likewise
from chatplatform.accounts.models import User  # noqa: E402 - likewise
from chatplatform.audit import services as audit  # noqa: E402 - likewise
from chatplatform.kernel.scoping import tenant_scope  # noqa: E402 - likewise
from chatplatform.tenants.models import Tenant  # noqa: E402 - likewise
from realtime import doorbell, publish  # noqa: E402 - likewise
from realtime.threads import in_thread  # noqa: E402 - likewise

FRAMEWORK = "framework"


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


def over_http(name: str, token: str) -> Callable[[int], Awaitable[None]]:
    handler = asgi.ASGIHandler()
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

    async def post(number: int) -> None:
        body = json.dumps({"text": "x" * 80, "client_id": f"b{number}"}).encode()
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


def over_socket(name: str, token: str) -> Callable[[int], Awaitable[None]]:
    async def post(number: int) -> None:
        frame = {"type": "message", "text": "x" * 80, "client_id": f"b{number}"}
        answer = await in_thread(frames.carry_out, token, name, frame)
        assert answer
        assert answer["type"] == "ack", answer

    return post


async def measure(
    post: Callable[[int], Awaitable[None]], clock: Clock, count: int
) -> list[dict[str, float]]:
    taken = []
    for number in range(count + 10):
        with clock.part(FRAMEWORK):
            await post(number)
        if number == 9:  # the first open connections and fill caches
            clock.counts.clear()
        taken.append(clock.read())
    return taken[10:]


how, count = sys.argv[1], int(sys.argv[2])
settings.ROOT_URLCONF = "chatplatform.urls.chatbot"
if how == "bare":
    settings.MIDDLEWARE = []
session, key = served_session()
clock = timed_parts()
post = (over_socket if how == "socket" else over_http)(session, key)
taken = asyncio.run(measure(post, clock, count))
counts = {name: each / count for name, each in clock.counts.items()}
print(json.dumps({"taken": taken, "counts": counts}))
