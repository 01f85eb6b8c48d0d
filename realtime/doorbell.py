"""Ring after commit: tell whoever listens that the log has grown. A ring may be lost, no event is.

Ringing neither blocks nor fails a request: local hubs are told directly, other processes by one
background thread per process, on its own event loop with its own Redis connection.
"""

import asyncio
import atexit
import threading
import uuid
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog
from channels.layers import get_channel_layer

from realtime import channels, metrics
from realtime.frames import Frame

logger = structlog.get_logger(__name__)

ORIGIN = uuid.uuid4().hex  # lets a process drop the echo of its own rings
CAPACITY = 10_000  # more than this waiting means nobody hears us; the log has them all

Listener = Callable[[Frame], None]
_listeners: set[Listener] = set()


def listen(listener: Listener) -> None:
    """Call `listener`, from any thread, with every frame published in this process."""
    _listeners.add(listener)


def unlisten(listener: Listener) -> None:
    _listeners.discard(listener)


def ring(frame: Frame) -> None:
    """Tell this process' hubs at once and the others soon. Never blocks, never raises."""
    for listener in list(_listeners):
        try:
            listener(frame)
        except Exception:
            logger.exception("local_ring_failed")
    _ringer.add(frame)


def flush(timeout: float = 1.0) -> bool:
    """Wait until everything rung so far is out, `timeout` seconds at most; False if it is not."""
    return _ringer.flush(timeout)


class Ringer:
    """The background thread that rings other processes."""

    def __init__(self) -> None:
        self._waiting: deque[Frame | threading.Event] = deque(maxlen=CAPACITY)
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()

    def add(self, item: Frame | threading.Event) -> None:
        loop = self._loop or self._start()
        if len(self._waiting) == CAPACITY:
            metrics.rings_dropped.inc()
        self._waiting.append(item)
        loop.call_soon_threadsafe(self._wake.set)

    def flush(self, timeout: float) -> bool:
        if self._loop is None:
            return True
        reached = threading.Event()
        self.add(reached)
        return reached.wait(timeout)

    def _start(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                loop = asyncio.new_event_loop()
                threading.Thread(
                    target=self._run, args=(loop,), name="doorbell", daemon=True
                ).start()
                atexit.register(self.flush, 0.5)
                self._loop = loop
        return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(self._ring_for_ever())

    async def _ring_for_ever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                item = self._waiting.popleft()
                if isinstance(item, Frame):
                    await self._ring(item)
                else:
                    item.set()

    async def _ring(self, frame: Frame) -> None:
        layer: Any = get_channel_layer()
        try:
            await layer.group_send(channels.group(frame.log), {**frame.message(), "origin": ORIGIN})
        except Exception:  # another layer than ours may raise anything
            logger.exception("ring_failed", log=frame.log)


_ringer = Ringer()
