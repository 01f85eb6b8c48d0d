"""Clients of a WebSocket, to whom the same is owed as to streams."""

import json
import time

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from tests.faults.readers import Place, Reader


class SocketReader(Reader):
    """Resumes with `?last=`. The server's pings are hidden from it, so it sends its own."""

    async def _read_once(self) -> None:
        resume = f"?last={self.place}" if self.place else ""
        try:
            async with connect(
                f"ws://127.0.0.1:{self.port}{self.path}{resume}",
                additional_headers=self.headers,
                open_timeout=self.silence,
                close_timeout=1,
                ping_interval=self.silence / 2,
                ping_timeout=self.silence / 2,
                max_size=None,
                proxy=None,
            ) as socket:
                self.opened += 1
                self.live = True
                async for text in socket:
                    self.take_frame(str(text), time.monotonic())
        except InvalidStatus as refusal:
            self.refusals.append(str(refusal))
        except WebSocketException:
            return  # cut off

    def take_frame(self, text: str, at: float) -> None:
        """`{"id":"epoch-offset",` and then the envelope as it stands in the log."""
        frame = json.loads(text)
        if frame["id"] is not None:
            data = "{" + text.partition(",")[2]
            self.hear(Place.read(frame["id"]), frame["type"], data, at)
