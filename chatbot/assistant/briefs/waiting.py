"""Briefs that the model is to better, in this process' memory.

A process that dies leaves the template's brief, which is whole.
"""

import queue
import time

import structlog

logger = structlog.get_logger(__name__)

LONGEST = 60.0  # seconds; by then the agent has begun
AT_ONCE = 4
_asked: queue.Queue[tuple[float, int]] = queue.Queue(maxsize=200)


def add(brief: int) -> None:
    """Have the brief of that key bettered soon; in a rush the template's is good enough."""
    try:
        _asked.put_nowait((time.monotonic(), brief))
    except queue.Full:
        logger.warning("brief_not_improved", brief=brief, why="too many at once")


def next_few() -> list[int]:
    """Waits for one; those that have waited too long are let go."""
    found = [_asked.get()]
    while len(found) < AT_ONCE and not _asked.empty():
        found.append(_asked.get())
    return [brief for since, brief in found if time.monotonic() - since < LONGEST]
