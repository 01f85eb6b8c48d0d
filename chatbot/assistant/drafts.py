"""The answer as far as it has come, shown to the customer while it is being written."""

import asyncio
import time
from types import TracebackType
from typing import Self

from chatbot.assistant import announcements, services
from chatbot.assistant.models import Run
from chatbot.assistant.threads import in_thread
from chatbot.moderation.screening import TextBlocked
from chatbot.moderation.streaming import StreamScreen

PACE = 0.05  # seconds between two frames: a reader sees no difference, a server does
REST = 4  # times as long as a frame took to go out, if that is longer
LOOK = 0.3  # seconds between two looks at who has the conversation


class Overtaken(Exception):
    """The AI no longer has the conversation: what is being written is for nobody."""


class Draft:
    """Takes pieces of text and shows them at a bearable pace, in order, with what moderation hides
    hidden; made on the event loop.

    `add` raises Overtaken once somebody else has the conversation, and TextBlocked after what must
    not be said. Pieces that come faster than PACE go out together; what is still unsaid at the end
    is left to the whole answer.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._unsaid = ""
        self._position = 0
        self._looked_at = float("-inf")
        self._screen: StreamScreen | None = None
        self._begins_anew = False
        self._waiting = asyncio.Event()
        self._speaking = asyncio.Lock()
        self._showing = asyncio.create_task(self._show())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        async with self._speaking:  # a piece that came after the whole answer would stay there
            self._showing.cancel()
        ended = (await asyncio.gather(self._showing, return_exceptions=True))[0]
        if error is None and isinstance(ended, Overtaken):
            raise ended

    async def add(self, text: str, *, anew: bool = False) -> None:
        if self._showing.done():  # with Overtaken, or with what went wrong
            self._showing.result()
        if anew:
            self._unsaid, self._begins_anew = "", True
        self._unsaid += text
        self._waiting.set()
        await asyncio.sleep(0)  # a generator that never waits would show nothing

    async def _show(self) -> None:
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            text, self._unsaid = self._unsaid, ""
            anew, self._begins_anew = self._begins_anew, False
            began = time.monotonic()
            async with self._speaking:
                await in_thread(self._announce, text, anew)
            # Where many answers are written at once, each is shown in larger pieces.
            await asyncio.sleep(max(PACE, REST * (time.monotonic() - began)))

    def _announce(self, text: str, anew: bool) -> None:
        if time.monotonic() - self._looked_at > LOOK:
            if not services.is_turn(run=self._run):
                raise Overtaken
            self._looked_at = time.monotonic()
        if anew:
            self._screen, self._position = None, 0
        self._screen = self._screen or StreamScreen(self._run.tenant)
        if shown := self._screen.feed(text):
            announcements.announce_delta(run=self._run, position=self._position, text=shown)
            self._position += len(shown)
        if self._screen.screening:  # what comes after it must not be said either
            raise TextBlocked(self._screen.screening)
