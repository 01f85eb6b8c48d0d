"""WebSocket: the same events as JSON frames, and frames back."""

import asyncio
import json
from typing import Any

import structlog
from channels.generic.websocket import AsyncWebsocketConsumer

from realtime.consumers.reader import QueuedReader, position_now
from realtime.frames import Frame
from realtime.lane import socket_lane
from realtime.log import Position
from realtime.streams import (
    Authorize,
    FrameError,
    Refused,
    Scope,
    Send,
    Subscription,
    query_position,
)

logger = structlog.get_logger(__name__)

GOING_AWAY, INTERNAL_ERROR = 1012, 1011


class Texts:
    """Frames as WebSocket text; the server's own pings are the life signs."""

    def frame(self, frame: Frame) -> bytes:
        return frame.json.encode()

    def heartbeat(self, position: Position) -> bytes:
        return b""


class EventSocket(AsyncWebsocketConsumer):
    """`Subclass.as_asgi(authorize=...)`; subclasses answer client frames in `receive_frame`.

    A handshake that may not listen is refused with HTTP 403. A frame that can't be accepted is
    answered by {"type": "error", "code", "detail"}; the socket stays open.
    """

    channel_layer_alias = "__none__"
    subscription: Subscription

    def __init__(self, *, authorize: Authorize) -> None:
        super().__init__()
        self.authorize = authorize
        self.ending: asyncio.Task[None] | None = None
        self.reader: QueuedReader | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.request: Scope = scope
        self.write: Send = send
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            await send({"type": "websocket.close", "code": GOING_AWAY})
        except Exception:
            logger.exception("socket_failed", path=scope["path"])
            await send({"type": "websocket.close", "code": INTERNAL_ERROR})
        finally:
            if self.reader is not None:
                self.reader.close()

    async def dispatch(self, message: Any) -> None:
        """No thread hop per message: the stock one closes database connections, we have none."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        try:
            self.subscription = await self.authorize(self.request)
        except Refused:
            await self.close()
            return
        last = query_position(self.request) or await position_now(self.subscription.log)
        await self.accept()
        self.reader = self._reader()
        await self.reader.open(last)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            answer = await self.receive_frame(_object(text_data))
        except FrameError as error:
            answer = {"type": "error", "code": error.code, "detail": error.detail, **error.extra}
        except Exception:
            logger.exception("frame_failed", path=self.request["path"])
            answer = {"type": "error", "code": "server_error", "detail": "This frame failed here."}
        if answer is not None and self.reader is not None:
            # a lone surrogate quoted from the frame goes back as the escape it came as
            data = json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace")
            self.reader.write(data)

    async def receive_frame(self, frame: dict[str, Any]) -> dict[str, Any] | None:
        """Act on a client's frame; returns the answer, if any. Raises FrameError."""
        raise FrameError(
            "unknown_type", f"No frame of type {frame.get('type')!r} is understood here."
        )

    def _reader(self) -> QueuedReader:
        lane = socket_lane(self.request.get("server_send", self.write))
        let_go = lane.abort if lane is not None else self._end_soon
        reader = QueuedReader(
            self.subscription,
            Texts(),
            lane,
            let_go=let_go,
            end=self._end_soon,
            send=self._write,
        )
        reader.transport = "websocket"
        return reader

    def _end_soon(self) -> None:
        self.ending = asyncio.create_task(self.close(code=GOING_AWAY))

    async def _write(self, items: list[bytes]) -> None:
        for item in items:
            await self.write({"type": "websocket.send", "text": item.decode()})


def _object(text: str | None) -> dict[str, Any]:
    if text is None:
        raise FrameError("not_text", "Frames are JSON text; this one was binary.")
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise FrameError("not_json", "The frame is not JSON.") from None
    if not isinstance(frame, dict):
        raise FrameError("not_an_object", "A frame is a JSON object.")
    return frame
