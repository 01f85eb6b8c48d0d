"""One log as a process knows it: how far it has read, what is recent, who listens."""

from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Protocol

from realtime import channels, metrics
from realtime.frames import Frame
from realtime.log import Head, Position
from realtime.streams import Grant

RECENT = 4096  # frames kept for readers who come back soon,
RECENT_CHARACTERS = 8_000_000  # or fewer, if they are large


class Connection(Protocol):
    """A reader. `deliver` and `beat` may neither block nor raise; all run on the event loop."""

    channels: frozenset[str]
    admits: Callable[[tuple[str, ...]], bool] | None = None
    grant: Grant | None = None

    def deliver(self, frame: Frame) -> None:
        """Write this frame after those before it."""

    def beat(self, position: Position) -> None:
        """Show the client that we live, and how far it has everything."""

    async def flushed(self) -> None:
        """Wait until what was delivered has left, so that a long replay doesn't pile up."""

    def end(self) -> None:
        """End in good order; the client may come back, and is asked for its rights anew."""


class Feed:
    """The frames of one log in order, fanned out to those who listen. Event loop only."""

    def __init__(self, log: str, head: Head, recent: Iterable[Frame] = ()) -> None:
        self.log = log
        self.epoch, self.applied, self.floor = head
        self.behind = 0
        self.joining = 0
        self._recent: deque[Frame] = deque()
        self._size = 0
        self._remember(recent)
        self._ahead: dict[int, Frame] = {}
        self._listeners: dict[str, set[Connection]] = {}

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.applied)

    @property
    def entries(self) -> int:
        """Its connections, each once for each channel it hears. Any thread may ask."""
        return sum(len(each) for each in list(self._listeners.values()))

    @property
    def unused(self) -> bool:
        """Nobody listens, and nobody is about to."""
        return not self._listeners and not self.joining

    def apply(self, frame: Frame, *, by: str) -> bool:
        """Take a durable frame; False if frames before it are missing and must be read first.

        Rings may repeat, be late or overtake each other: only the next offset is delivered.
        """
        if frame.epoch != self.epoch:
            return False
        if frame.offset > self.applied + 1:
            if len(self._ahead) < RECENT:
                self._ahead[frame.offset] = frame
            return False
        if frame.offset == self.applied + 1:
            self._advance(frame, by)
            while (following := self._ahead.pop(self.applied + 1, None)) is not None:
                self._advance(following, by)
        return True

    def whisper(self, frame: Frame) -> None:
        """Fan out an ephemeral frame."""
        self._fan_out(frame)

    def since(self, offset: int) -> list[Frame] | None:
        """The frames after `offset` if all of them are at hand, else None."""
        missed = self.applied - offset
        if missed <= 0:
            return []
        if missed > len(self._recent):
            return None
        return list(islice(self._recent, len(self._recent) - missed, None))

    def add(self, connection: Connection) -> None:
        for name in connection.channels:
            self._listeners.setdefault(name, set()).add(connection)

    def remove(self, connection: Connection) -> None:
        for name in connection.channels:
            listeners = self._listeners.get(name, set())
            listeners.discard(connection)
            if not listeners:
                self._listeners.pop(name, None)

    def connections(self) -> set[Connection]:
        """Everyone who listens, once."""
        return set().union(*self._listeners.values())

    def begin(self, head: Head) -> None:
        """Start over at `head`: another life of the log, or a hole that can't be filled."""
        self.epoch, self.applied, self.floor = head
        self._recent.clear()
        self._size = 0
        self._ahead.clear()

    def _advance(self, frame: Frame, by: str) -> None:
        self.applied = frame.offset
        self._remember([frame])
        metrics.events_applied.labels(by).inc()
        self._fan_out(frame)
        for stale in [offset for offset in self._ahead if offset <= self.applied]:
            del self._ahead[stale]

    def _remember(self, frames: Iterable[Frame]) -> None:
        for frame in frames:
            self._recent.append(frame)
            self._size += len(frame.data)
            while len(self._recent) > RECENT or self._size > RECENT_CHARACTERS:
                self._size -= len(self._recent.popleft().data)

    def _fan_out(self, frame: Frame) -> None:
        audience = self._audience(frame)
        for connection in audience:
            if connection.admits is None or connection.admits(frame.channels):
                connection.deliver(frame)
        metrics.deliveries.inc(len(audience))

    def _audience(self, frame: Frame) -> list[Connection]:
        keys = {key for name in frame.channels for key in channels.families(name)}
        groups = [self._listeners[key] for key in keys if key in self._listeners]
        if len(groups) == 1:
            return list(groups[0])
        return list(set().union(*groups))


def reaches(frame: Frame, connection: Connection) -> bool:
    """Whether that reader is to see this frame."""
    keys = (key for name in frame.channels for key in channels.families(name))
    if connection.channels.isdisjoint(keys):
        return False
    return connection.admits is None or connection.admits(frame.channels)
