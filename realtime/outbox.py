"""What waits to be written to one connection, and how much may."""

import asyncio

MAX_BYTES = 512 * 1024  # a reader this far behind is better off reconnecting with its position


class Outbox:
    """Encoded frames in order, for one writer task. Event loop only."""

    def __init__(self) -> None:
        self.size = 0
        self._items: list[bytes] = []
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()

    def put(self, data: bytes) -> None:
        self._items.append(data)
        self.size += len(data)
        self._filled.set()
        self._emptied.clear()

    async def take(self) -> list[bytes]:
        """Everything that waits, as soon as something does."""
        await self._filled.wait()
        items, self._items, self.size = self._items, [], 0
        self._filled.clear()
        self._emptied.set()
        return items

    async def emptied(self) -> None:
        """Wait until nothing is queued."""
        if self._items:
            await self._emptied.wait()
