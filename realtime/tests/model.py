"""The wire beside an obvious reference: per life of a log, a plain list of what was committed."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from realtime import hub as hubs
from realtime import log as event_log
from realtime.feed import Connection, Feed
from realtime.frames import Frame
from realtime.hub import Hub
from realtime.log import Position
from realtime.models import Log

Answer = TypeVar("Answer")
_stepwise: ContextVar[bool] = ContextVar("stepwise", default=False)


def hears(listening: frozenset[str], channels: list[str]) -> bool:
    """Whether a listener is meant, said plainly."""
    return any(
        name in listening or (name.startswith("sse:session:") and "sse:session:*" in listening)
        for name in channels
    )


@dataclass
class Said:
    """A committed event: its number in the test, and to whom it was said."""

    n: int
    channels: list[str]


class Reference:
    """What is true of one log."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lives: dict[str, list[Said]] = {}
        self.floor = 0
        self.epoch = event_log.head(name).epoch
        self.lives[self.epoch] = []

    @property
    def events(self) -> list[Said]:
        """Offsets count from 1: the event at `offset` is `events[offset - 1]`."""
        return self.lives[self.epoch]

    @property
    def head(self) -> int:
        return len(self.events)

    def new_life(self) -> None:
        """If the log has begun another life, it begins with what it holds now."""
        now = Log.objects.get(name=self.name)
        if now.epoch != self.epoch:
            events = self.events[: now.offset]
            self.epoch, self.floor = now.epoch, now.floor
            self.lives.setdefault(now.epoch, list(events))

    def expected(
        self, epoch: str, after: int, upto: int, listening: frozenset[str]
    ) -> list[tuple[int, int]]:
        """(offset, n) of what a listener is to hear of one life."""
        said = self.lives[epoch]
        numbered = [(offset, said[offset - 1]) for offset in range(after + 1, upto + 1)]
        return [(offset, one.n) for offset, one in numbered if hears(listening, one.channels)]


class Reader(Connection):
    """A connection, and from where on it must hear everything.

    `start` is the position it comes with, if it is one; `permits` counts the resets that something
    in its life has justified.
    """

    def __init__(
        self, hub: Hub, reference: Reference, listening: frozenset[str], last: str | None
    ) -> None:
        self.hub, self.reference, self.channels = hub, reference, listening
        self.last = last
        self.start = Position.parse(last) if last else None
        self.fresh = not last
        self.permits = self._doubts()
        self.resets = 0
        self.heard: list[tuple[int, int]] = []
        self.steps: Steps
        self.task: asyncio.Task[None]

    def join(self, steps: "Steps", *, stepwise: bool) -> None:
        self.steps = steps
        work = self.hub.join(self, self.reference.name, self.last or None)
        self.task = steps.begin(work, stepwise=stepwise)

    def deliver(self, frame: Frame) -> None:
        if frame.type == "reset":
            self.resets += 1
            self.start, self.heard = Position(frame.epoch, frame.offset), []
        else:
            assert self.start is not None, "an event before the reset that was due"
            assert frame.epoch == self.start.epoch, "an event of another life without a reset"
            self.heard.append((frame.offset, json.loads(frame.data)["payload"]["n"]))
        self.last = frame.position

    def beat(self, position: Position) -> None:
        self.last = str(position)
        if self.fresh and self.start is None:
            self.start = position

    async def flushed(self) -> None:
        await self.steps.pause()

    def end(self) -> None:
        raise AssertionError("ended without a grant to lose")

    @property
    def joined(self) -> bool:
        return self.task.done() and not self.task.cancelled()

    @property
    def feed(self) -> Feed:
        return self.hub.feeds[self.reference.name]

    @property
    def progress(self) -> int:
        """It has everything up to here at least."""
        if self.joined:
            return self.feed.applied
        return max([self.start.offset if self.start else 0, *(offset for offset, _ in self.heard)])

    def check(self) -> None:
        """Exactly its events from its start on, in order, once; a reset only where one was due."""
        assert self.resets <= self.permits, "a reset out of nowhere"
        if self.joined:
            self.task.result()
            assert self.start is not None, "its position can't be continued, and nobody told it"
            assert self.start.epoch == self.feed.epoch, "its log began anew, and nobody told it"
            assert self.start.offset <= self.feed.applied, "its position is not known yet"
            assert self.heard == self._due(self.feed.applied)
        elif self.start is not None and self.start.epoch in self.reference.lives:
            due = self._due(len(self.reference.lives[self.start.epoch]))
            assert self.heard == due[: len(self.heard)]

    def _due(self, upto: int) -> list[tuple[int, int]]:
        assert self.start is not None
        return self.reference.expected(*self.start, upto, self.channels)

    def _doubts(self) -> int:
        """How many resets what happened before it came may bring it."""
        now, feed = self.reference, self.hub.feeds.get(self.reference.name)
        if feed is None:
            stale = self.hub._opening.locked()  # it may be opened at a head read long ago
        else:
            stale = feed.epoch != now.epoch or feed.applied < now.floor
        return int(stale) + int(not self.fresh and not self._replayable())

    def _replayable(self) -> bool:
        if self.start is None or self.start.epoch != self.reference.epoch:
            return False
        oldest = max(self.reference.floor, self.reference.head - hubs.MAX_REPLAY)
        return oldest <= self.start.offset <= self.reference.head


class Steps:
    """An event loop turned by hand; work on it may stop at every read and write."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.tasks: list[asyncio.Task[None]] = []
        self.paused: list[asyncio.Future[None]] = []

    async def run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """In place of the thread pools: at once, and then perhaps a pause before the answer."""
        answer = fn(*args, **kwargs)
        await self.pause()
        return answer

    async def pause(self) -> None:
        if _stepwise.get():
            self.paused.append(self.loop.create_future())
            await self.paused[-1]

    def begin(self, work: Coroutine[Any, Any, None], *, stepwise: bool) -> asyncio.Task[None]:
        token = _stepwise.set(stepwise)
        task = self.loop.create_task(work)
        self.tasks.append(task)
        _stepwise.reset(token)
        self.turn()
        return task

    def go_on(self, which: int) -> None:
        waiting = self.paused.pop(which)
        if not waiting.done():
            waiting.set_result(None)
        self.turn()

    def finish(self) -> None:
        while self.paused:
            self.go_on(0)
        assert all(task.done() for task in self.tasks), "something waits for ever"

    def cancel(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.turn()
        self.paused.clear()

    def close(self) -> None:
        self.cancel()
        self.loop.close()

    def turn(self) -> None:
        """Let everything run that can."""
        at_work = sum(not task.done() for task in self.tasks)
        for _ in range(12 + 4 * at_work):
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()

    def do(self, work: Awaitable[Answer]) -> Answer:
        return self.loop.run_until_complete(work)
