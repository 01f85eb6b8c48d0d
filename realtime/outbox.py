"""What waits to be written to one connection, and how much may."""

import asyncio
from collections.abc import Callable
from typing import Any

MAX_ITEMS = 2_000
MAX_BYTES = 512 * 1024  # a reader this far behind is better off reconnecting with its position


class Outbox:
    """Encoded frames in order, for one writer task. Event loop only."""

    def __init__(self) -> None:
        self._items: list[bytes] = []
        self._size = 0
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()

    def put(self, data: bytes) -> bool:
        """Queue it; False if the reader is too far behind, and nothing was queued."""
        if len(self._items) >= MAX_ITEMS or self._size + len(data) > MAX_BYTES:
            return False
        self._items.append(data)
        self._size += len(data)
        self._filled.set()
        self._emptied.clear()
        return True

    async def take(self) -> list[bytes]:
        """Everything that waits, as soon as something does."""
        await self._filled.wait()
        items, self._items, self._size = self._items, [], 0
        self._filled.clear()
        self._emptied.set()
        return items

    async def emptied(self) -> None:
        """Wait until nothing is queued."""
        if self._items:
            await self._emptied.wait()


def _transport(send: Any) -> Any:
    """daphne's Twisted transport under an ASGI `send`, or None on another server."""
    protocol = next(iter(getattr(send, "args", ())), None)
    return getattr(getattr(protocol, "channel", protocol), "transport", None)


def unsent_bytes(send: Any) -> Callable[[], int]:
    """How much the server itself still holds for this connection, as far as it lets us see.

    daphne takes whatever it is given and never says that a client stopped reading; its Twisted
    transport knows. Other servers push back in `await send`, so there the answer is 0.
    """
    transport = _transport(send)
    if not hasattr(transport, "_tempDataLen"):
        return lambda: 0
    return lambda: len(transport.dataBuffer) - transport.offset + transport._tempDataLen


def abort(send: Any) -> None:
    """Drop the connection under the server without waiting for what it still holds."""
    transport = _transport(send)
    if hasattr(transport, "abortConnection"):
        transport.abortConnection()
