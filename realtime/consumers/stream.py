"""Server-sent events."""

import asyncio
import json
import random
import uuid
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import structlog
from channels.exceptions import StopConsumer
from channels.generic.http import AsyncHttpConsumer
from django.db import DatabaseError

from realtime import metrics
from realtime.consumers.reader import QueuedReader, Reader, position_now
from realtime.frames import Frame, chunk
from realtime.lane import response_lane
from realtime.log import Position
from realtime.streams import Authorize, Refused, Scope, Send, Subscription, query_position

logger = structlog.get_logger(__name__)

MAX_STREAMS = 20_000  # per process; beyond it clients are asked to come back
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
    (b"x-content-type-options", b"nosniff"),
]


@lru_cache(maxsize=256)
def _heartbeat(position: Position) -> bytes:
    """A comment, and an id-only block: an idle client's position stays fresh enough to resume."""
    return f": heartbeat\nid: {position}\n\n".encode()


class Blocks:
    """Event blocks for a server that chunks them itself."""

    def frame(self, frame: Frame) -> bytes:
        return frame.sse

    def heartbeat(self, position: Position) -> bytes:
        return _heartbeat(position)


class Chunks:
    """Event blocks as HTTP/1.1 chunks, for the lane."""

    def frame(self, frame: Frame) -> bytes:
        return frame.chunk

    def heartbeat(self, position: Position) -> bytes:
        return chunk(_heartbeat(position))


class EventStream(AsyncHttpConsumer):
    """`EventStream.as_asgi(authorize=...)`: one client's stream of one log's events.

    `http_request` is overridden because the stock consumer hangs up when `handle()` returns, and
    hears no disconnect until then. Nothing is raised once the response has begun: an exception
    there would stop daphne from ever reaping a closed connection again.
    """

    channel_layer_alias = "__none__"  # the hub listens for all; no subscription per connection

    def __init__(self, *, authorize: Authorize) -> None:
        super().__init__()
        self.authorize = authorize
        self.started = False
        self.reader: Reader | None = None
        self.ending: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The base class' loop without a channel layer: no task per source, just the client."""
        self.request: Scope = scope
        self.write: Send = send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            return
        except asyncio.CancelledError:
            # The server is going down: ask the client back at a moment of its own.
            await self._farewell(500, 5000)
        finally:
            if self.reader is not None:
                self.reader.close()

    async def dispatch(self, message: Any) -> None:
        """No thread hop per message: the stock one closes database connections, we have none."""
        if message["type"] == "http.request":
            await self.http_request(message)
        elif message["type"] == "http.disconnect":
            raise StopConsumer

    async def http_request(self, message: Any) -> None:
        """Open the stream; the loop of the base class then only waits for the disconnect."""
        if not message.get("more_body") and not self.started:
            await self._open()

    async def _open(self) -> None:
        try:
            if self.request["method"] != "GET":
                raise Refused(405, "method_not_allowed", "A stream is opened with GET.")
            subscription = await self.authorize(self.request)
            await self._stream(subscription)
        except Refused as refusal:
            await self._refuse(refusal)
        except DatabaseError as error:  # every client notices; one line each is enough
            logger.warning("stream_without_database", error=repr(error))
            await self._farewell(2000, 8000)
        except Exception:
            logger.exception("stream_failed", path=self.request["path"])
            await self._farewell(2000, 8000)

    async def _stream(self, subscription: Subscription) -> None:
        if metrics.open_connections() >= MAX_STREAMS:
            await self._farewell(5000, 15000)
            return
        # Asked before the first bytes: a client that has those counts on hearing all that follows.
        last = _last_position(self.request) or await position_now(subscription.log)
        # Different clients, different delays: a restart is not followed by a stampede.
        await self._begin(retry_ms=random.randint(1000, 3000))  # noqa: S311 - jitter
        self.reader = self._reader(subscription)
        await self.reader.open(last)

    def _reader(self, subscription: Subscription) -> Reader:
        lane = response_lane(self.request.get("server_send", self.write))
        if lane is not None:
            return Reader(subscription, Chunks(), lane, let_go=lane.abort, end=self._end_soon)
        return QueuedReader(
            subscription,
            Blocks(),
            None,
            let_go=self._end_soon,
            end=self._end_soon,
            send=self._write,
        )

    def _end_soon(self) -> None:
        self.ending = asyncio.create_task(self._farewell(500, 2000))

    async def _begin(self, *, retry_ms: int) -> None:
        """Headers and the first bytes at once: the client's `open` waits for them."""
        self.started = True
        await self.write({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await self._write([b"retry: %d\n\n" % retry_ms])

    async def _write(self, items: list[bytes]) -> None:
        await self.write({"type": "http.response.body", "body": b"".join(items), "more_body": True})

    async def _farewell(self, least_ms: int, most_ms: int) -> None:
        """End the response with 200 and `retry:`, never with 5xx: browsers give up on those."""
        if self.reader is not None:
            self.reader.close()
        retry_ms = random.randint(least_ms, most_ms)  # noqa: S311 - jitter
        if not self.started:
            await self._begin(retry_ms=retry_ms)
        body = b"retry: %d\n\n" % retry_ms
        await self.write({"type": "http.response.body", "body": body, "more_body": False})

    async def _refuse(self, refusal: Refused) -> None:
        self.started = True
        headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
        if refusal.status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        if refusal.retry_after is not None:
            headers.append((b"retry-after", b"%d" % refusal.retry_after))
        body = json.dumps(_problem(refusal, self.request), ensure_ascii=False).encode()
        await self.write(
            {"type": "http.response.start", "status": refusal.status, "headers": headers}
        )
        await self.write({"type": "http.response.body", "body": body})


def _problem(refusal: Refused, scope: Scope) -> dict[str, Any]:
    """RFC 9457, as everywhere else."""
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")[:64]
    return {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "request_id": given or str(uuid.uuid4()),
    }


def _last_position(scope: Scope) -> str | None:
    """`Last-Event-ID`, else `?last=`: a reconnecting client's URL still holds the old value."""
    header: str = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1").strip()
    return header or query_position(scope)
