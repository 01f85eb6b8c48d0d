"""The MCP server's ASGI door: API keys only, stateless, begun with the first request.

The SDK wants a lifespan, which daphne does not have: a task of the loop keeps its manager running.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable

from chatbot.tools.offered.callers import caller
from chatplatform.accounts.api_keys.authentication import user_of_key
from chatplatform.accounts.api_keys.tokens import is_key
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import ApplicationError, NotAuthenticated, NotFound
from chatplatform.kernel.problems import Problem, problem_of, respond
from chatplatform.kernel.requests import client_address
from chatplatform.protection import throttling
from chatplatform.protection.throttling import Rule
from chatplatform.tenants.admission import count_call
from realtime.threads import in_thread

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

BODY_LIMIT = 256 * 1024  # bytes


class McpDoor:
    """One per process; each event loop has its own manager."""

    def __init__(self) -> None:
        self._manager: StreamableHTTPSessionManager | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def __call__(
        self, scope: dict[str, Any], receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["method"] != "POST":
            return await _answer(send, Problem.of_status(405), ("Allow", "POST"))
        try:
            user = await in_thread(_user, scope)
        except ApplicationError as error:
            return await _refuse(send, error)
        manager = await self._started()
        token = caller.set(user)
        try:
            await manager.handle_request(scope, receive, send)  # type: ignore[arg-type]  # the same protocol, typed twice
        finally:
            caller.reset(token)

    async def _started(self) -> "StreamableHTTPSessionManager":
        make = await in_thread(_maker)
        loop = asyncio.get_running_loop()
        if self._manager is None or self._loop is not loop:
            self._loop, self._ready = loop, asyncio.Event()
            self._manager = make()
            self._running = loop.create_task(_keep(self._manager, self._ready), name="mcp")
        await self._ready.wait()
        return self._manager


def _maker() -> "Callable[[], StreamableHTTPSessionManager]":
    """The SDK takes half a second to load and 25 MB: with the first request, off the event loop."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from chatbot.tools.offered.server import mcp

    return partial(
        StreamableHTTPSessionManager,
        mcp._lowlevel_server,
        json_response=True,
        stateless=True,
        max_request_body_size=BODY_LIMIT,
    )


async def _keep(manager: "StreamableHTTPSessionManager", ready: asyncio.Event) -> None:
    async with manager.run():
        ready.set()
        await asyncio.Event().wait()


def _user(scope: dict[str, Any]) -> User:
    """The owner of the key, narrowed to its scopes, after counting the call."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    known = None
    if scheme.lower() == "bearer" and is_key(credential.strip()):
        known = user_of_key(credential.strip(), client_address(scope))
    if known is None:
        throttling.spend(Rule.STREAMS, throttling.caller(scope))
        raise NotAuthenticated
    user, _key = known
    if user.tenant is None or not user.tenant.is_open:
        raise NotFound
    throttling.spend(Rule.CALLS, user.pk)
    count_call(user.tenant)
    return user


async def _refuse(send: ASGISendCallable, error: ApplicationError) -> None:
    await _answer(send, problem_of(error) or Problem.of_status(500))


async def _answer(send: ASGISendCallable, problem: Problem, *headers: tuple[str, str]) -> None:
    response = respond(problem)
    said = [(name.encode(), text.encode()) for name, text in [*response.headers.items(), *headers]]
    await send(
        {
            "type": "http.response.start",
            "status": problem.status,
            "headers": said,
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": response.content, "more_body": False})
