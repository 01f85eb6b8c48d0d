"""One judge for every fault: all that was committed, in that order, once, and in time."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from tests.faults.ledger import Committed
from tests.faults.readers import Arrival, Reader


@dataclass
class Phase:
    """From `since` (monotonic s) until the next one, what is published arrives within `worst`
    seconds, and half of it within `usual`. On the sides `beyond` this phase's fault, `calm`
    (worst, usual) holds."""

    name: str
    since: float
    worst: float
    usual: float
    beyond: frozenset[str]
    calm: tuple[float, float]
    gaps: list[float] = field(default_factory=list)
    gaps_beyond: list[float] = field(default_factory=list)

    def patience(self, side: str) -> float:
        return self.calm[0] if side in self.beyond else self.worst

    def add(self, side: str, gap: float) -> None:
        (self.gaps_beyond if side in self.beyond else self.gaps).append(gap)

    def complaints(self) -> list[str]:
        beyond = f"{self.name}, on the other side"
        return [
            *_too_slow(self.name, self.gaps, self.worst, self.usual),
            *_too_slow(beyond, self.gaps_beyond, *self.calm),
        ]


def _too_slow(name: str, gaps: Sequence[float], worst: float, usual: float) -> list[str]:
    found = []
    if gaps and max(gaps) > worst:
        found.append(f"{name}: the slowest took {max(gaps):.2f} s, not {worst:g} s")
    if gaps and median(gaps) > usual:
        found.append(f"{name}: half took over {median(gaps):.3f} s, not {usual:g} s")
    return found


@dataclass
class Verdict:
    """Counts over all readers; `worst_gap` in s, from commit to client."""

    written: int = 0
    delivered: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    invented: int = 0
    worst_gap: float = 0.0
    complaints: list[str] = field(default_factory=list)

    def must_be_clean(self, *, resets: int) -> None:
        """AssertionError with everything that is wrong; `resets` are those nobody expected."""
        if resets:
            self.complaints.append(f"{resets} resets though every position could be continued")
        if self.reordered:
            self.complaints.append(f"{self.reordered} out of order")
        assert self.written, "nothing was written: nothing was tried"
        assert self.delivered, "nothing was delivered"
        assert not self.complaints, "\n".join(self.complaints[:20])

    def add(self, reader: Reader, owed: Sequence[Committed]) -> list[Arrival]:
        """Compare what one reader was owed with what came; returns what came, once each."""
        came = [(arrival.place.offset, arrival.place.epoch) for arrival in reader.arrivals]
        first = dict(zip(came, reader.arrivals, strict=True))
        rows = {(row.offset, row.epoch): row for row in owed}
        lost = sorted(rows.keys() - first.keys())
        invented = [
            place
            for place, arrival in first.items()
            if place not in rows or rows[place].data != arrival.data
        ]
        once = list(dict.fromkeys(came))
        self.delivered += len(first.keys() & rows.keys())
        self.lost += len(lost)
        self.doubled += len(came) - len(once)
        self.reordered += sum(later < earlier for earlier, later in pairwise(once))
        self.invented += len(invented)
        if lost or invented or len(came) != len(once):
            self.complaints.append(
                f"{reader.path}: lost {lost[:5]}, not in the log {invented[:5]}, "
                f"{len(came) - len(once)} twice; opened {reader.opened} times from {reader.begin}"
            )
        return list(first.values())


def owed_to(reader: Reader, rows: Sequence[Committed]) -> list[Committed]:
    """The committed events of its channels since it began."""
    begin = reader.begin
    if begin is None:
        return []
    return [
        row
        for row in rows
        if row.epoch == begin.epoch and row.offset > begin.offset and row.reaches(reader.channels)
    ]


def caught_up(reader: Reader, rows: Sequence[Committed]) -> bool:
    """Whether the last event that is owed has come, or the client was told of a later position."""
    owed = owed_to(reader, rows)
    if not owed:
        return True
    place = reader.place
    return place is not None and (place.epoch, place.offset) >= (owed[-1].epoch, owed[-1].offset)


def judge(
    rows: Sequence[Committed],
    readers: Sequence[Reader],
    phases: Sequence[Phase],
    *,
    written: int,
    committed_at: Mapping[int, float],
) -> Verdict:
    """`committed_at`: offset to monotonic s, where the writer told us."""
    verdict = Verdict(written=written)
    known_at = {row.offset: committed_at.get(row.offset) or _stamped(row) for row in rows}
    for reader in readers:
        arrivals = verdict.add(reader, owed_to(reader, rows))
        for arrival in arrivals if reader.timed else ():
            _measure(arrival, reader.side, known_at.get(arrival.place.offset), phases, verdict)
    for phase in phases:
        verdict.complaints += phase.complaints()
    return verdict


def _measure(
    arrival: Arrival,
    side: str,
    known_at: float | None,
    phases: Sequence[Phase],
    verdict: Verdict,
) -> None:
    """Hold the time from commit to arrival to the most patient phase it reached into."""
    if known_at is None:
        return
    gap = max(0.0, arrival.at - known_at)
    ends = [*(phase.since for phase in phases[1:]), float("inf")]
    met = [
        phase
        for phase, end in zip(phases, ends, strict=True)
        if phase.since <= arrival.at and known_at < end
    ]
    if met and known_at >= phases[0].since:
        max(met, key=lambda phase: phase.patience(side)).add(side, gap)
        verdict.worst_gap = max(verdict.worst_gap, gap)


def _stamped(row: Committed) -> float:
    """When its publisher says it happened, on the monotonic clock."""
    stamp: float = json.loads(row.data)["timestamp"]
    return stamp - (time.time() - time.monotonic())
