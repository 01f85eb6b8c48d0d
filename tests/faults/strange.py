"""An application that does what applications should not; served by real daphnes in tests."""

import asyncio
import threading
import time
from typing import Any

from asgiref.sync import sync_to_async

START = {"type": "http.response.start", "status": 200, "headers": []}


async def begin(send: Any, text: bytes) -> None:
    await send(START)
    await send({"type": "http.response.body", "body": text, "more_body": True})


async def stream(receive: Any, send: Any) -> None:
    """Says farewell when it is cancelled."""
    await begin(send, b"open")
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await send({"type": "http.response.body", "body": b"farewell"})


async def deaf(receive: Any, send: Any) -> None:
    """Goes on when its client has left."""
    await begin(send, b"open")
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("deaf one reaped", flush=True)


async def fails(receive: Any, send: Any) -> None:
    await begin(send, b"open")
    raise RuntimeError("too late for an error page")


async def unended(receive: Any, send: Any) -> None:
    """Returns in the middle of its answer."""
    await begin(send, b"open")


async def slow(receive: Any, send: Any) -> None:
    """Answers only after the process was told to end."""
    print("slow one asked", flush=True)
    await asyncio.sleep(0.5)
    await send(START)
    await send({"type": "http.response.body", "body": b"answered"})


async def hangs(receive: Any, send: Any) -> None:
    """A synchronous view that never comes back."""
    print("hanging one asked", flush=True)
    await sync_to_async(threading.Event().wait)(300)


async def closing(receive: Any, send: Any) -> None:
    """Has something to finish when its client has left."""
    await begin(send, b"open")
    while (await receive())["type"] != "http.disconnect":
        pass
    try:
        await asyncio.sleep(2.5)
        print("closed in peace", flush=True)
    except asyncio.CancelledError:
        print("killed while closing", flush=True)


async def an_hour_later(receive: Any, send: Any) -> None:
    """The wall clock jumps, for this process."""
    jump(3600)
    await begin(send, b"open")


async def an_hour_earlier(receive: Any, send: Any) -> None:
    jump(-3600)
    await begin(send, b"open")


def jump(seconds: int) -> None:
    now = time.time
    time.time = lambda: now() + seconds


async def socket(receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
        print("socket left", flush=True)
    except asyncio.CancelledError:
        await send({"type": "websocket.close", "code": 1012})


PATHS = {
    f"/{one.__name__}": one
    for one in (
        *(stream, deaf, fails, unended, slow, hangs, socket),
        *(closing, an_hour_later, an_hour_earlier),
    )
}


async def application(scope: Any, receive: Any, send: Any) -> None:
    await PATHS[scope["path"]](receive, send)
