"""What a serving process needs around its ASGI application."""

import gc
from collections.abc import Callable
from typing import Any

import structlog

from realtime import daphne, hub

logger = structlog.get_logger(__name__)

Application = Callable[[Any, Any, Any], Any]


def guarded(application: Application, *, on_first_call: Callable[[], None]) -> Application:
    """Starts the hub and `on_first_call` with the first connection, and lets no exception out.

    Mends the daphne that imports us, if one does: its server is made after its application.

    daphne calls no lifespan, and an exception that reaches it after a response has begun stops it
    from reaping any connection thereafter.
    """
    daphne.mend()
    called = False

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        nonlocal called
        begun = False

        async def watched_send(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            if not called:
                called = True
                settle()
                on_first_call()
            await hub.current()
            scope["server_send"] = send  # for the lane, which looks under it
            await application(scope, receive, watched_send)
        except Exception:
            logger.exception("application_failed", type=scope["type"], path=scope.get("path"))
            await _end(scope["type"], send, begun=begun)

    return guard


def settle() -> None:
    """Leave what was imported out of every garbage collection, and collect more rarely: with 5,000
    streams a full one stops the loop for a quarter of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 80, 50)


async def _end(kind: str, send: Any, *, begun: bool) -> None:
    """Close what the application left open."""
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1011})
        return
    if not begun:
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
