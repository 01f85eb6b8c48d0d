"""What came of running a tool, before anybody is told."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What the tool gave: an object, a list or a text."""

    value: Any


class ToolFailed(Exception):
    """The tool said no; the message is for the model and people. Trying again would not help."""


class Interrupted(ToolFailed):
    """No clear answer came. Unless `started` is False, it may have happened all the same."""

    def __init__(self, message: str, *, started: bool = True) -> None:
        super().__init__(message)
        self.started = started
