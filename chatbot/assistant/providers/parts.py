"""What a completion yields, and what it raises."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class TextDelta:
    """A piece of text. `anew`: another provider begins, and what was said before does not count."""

    text: str
    anew: bool = False


@dataclass(frozen=True)
class ToolCall:
    """A function the model wants called; `arguments` is its JSON as written, perhaps broken."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class ToolCalls:
    """All the calls of one reply, whole, in the model's order."""

    calls: tuple[ToolCall, ...]


@dataclass(frozen=True)
class Finished:
    """The end of a good reply: who gave it and what it took. Always the last part."""

    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    is_estimated: bool


Part = TextDelta | ToolCalls | Finished


class Lack(Enum):
    """Why there is no reply."""

    NOT_CONFIGURED = "no model is configured"
    EXHAUSTED = "this month's tokens are used up"
    FAILED = "every model failed"
    OVERTIME = "there was no time left"


class NoModel(Exception):
    """No provider gave a good reply. `lack` says why; nothing of what was shown counts."""

    def __init__(self, lack: Lack, detail: str = "") -> None:
        super().__init__(f"{lack.value}{f': {detail}' if detail else ''}")
        self.lack = lack
