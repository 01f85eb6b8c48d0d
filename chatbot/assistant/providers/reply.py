"""A reply put together from the pieces of a stream."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from chatbot.assistant.providers.failures import CallFailed
from chatbot.assistant.providers.parts import ToolCall, ToolCalls
from chatbot.assistant.providers.purposes import CallStatus
from chatbot.assistant.providers.thoughts import Thoughts

MOST_CALLS = 16
_REPEATS = 30


@dataclass
class _Pieces:
    """One tool call on its way."""

    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass
class Reply:
    """What has arrived so far. `tokens_*` are the server's, None until it reports them."""

    text: str = ""
    finish_reason: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    _calls: dict[int, _Pieces] = field(default_factory=dict)
    _thoughts: Thoughts = field(default_factory=Thoughts)

    def take(self, chunk: Any) -> str:
        """The text in a chunk that may be shown now."""
        if usage := getattr(chunk, "usage", None):
            self.tokens_in, self.tokens_out = usage.prompt_tokens, usage.completion_tokens
        shown = ""
        for choice in (chunk.choices or [])[:1]:  # we ask for one
            self.finish_reason = choice.finish_reason or self.finish_reason
            if choice.delta is not None:
                shown += self._thoughts.feed(choice.delta.content or "")
                self._take_calls(choice.delta.tool_calls or [])
        self.text += shown
        return shown

    def close(self) -> str:
        """The last text to show. Raises CallFailed unless the reply is whole and fit to be used."""
        rest = self._thoughts.close()
        self.text += rest
        if failure := self._failure():
            raise failure
        return rest

    @property
    def tool_calls(self) -> ToolCalls | None:
        calls = tuple(
            ToolCall(pieces.id or f"call-{index}", pieces.name, pieces.arguments)
            for index, pieces in sorted(self._calls.items())
            if pieces.name
        )
        return ToolCalls(calls) if calls else None

    def _failure(self) -> CallFailed | None:
        if self.finish_reason == "content_filter":
            return CallFailed(CallStatus.FILTERED)
        if self.finish_reason == "length":
            return CallFailed(CallStatus.CUT_SHORT)
        if not self.text.strip() and not self.tool_calls:
            return CallFailed(CallStatus.EMPTY)
        if self.finish_reason is None:
            return CallFailed(CallStatus.BROKEN, "the stream ended without a reason")
        if not self.tool_calls and is_garbage(self.text):
            return CallFailed(CallStatus.EMPTY, "not readable")
        return None

    def _take_calls(self, deltas: Any) -> None:
        for place, delta in enumerate(deltas):
            index = delta.index if delta.index is not None else place
            if index not in self._calls and len(self._calls) >= MOST_CALLS:
                continue
            pieces = self._calls.setdefault(index, _Pieces())
            pieces.id = pieces.id or delta.id or ""
            if delta.function is not None:
                pieces.name += delta.function.name or ""
                pieces.arguments += delta.function.arguments or ""


def is_garbage(text: str) -> bool:
    """Whether nobody could read it: no letters, template marks, broken characters, one loop."""
    plain = text.strip()
    if not any(character.isalnum() for character in plain):
        return True
    broken = sum(c == "\ufffd" or unicodedata.category(c) in ("Cc", "Cn", "Co") for c in plain)
    line_breaks = plain.count("\n") + plain.count("\t")
    return (broken - line_breaks) * 10 > len(plain) or "<|im_" in plain or _is_loop(plain)


def _is_loop(text: str) -> bool:
    end = text[-400:]
    return any(
        len(end) >= size * _REPEATS and end.endswith(end[-size:] * _REPEATS)
        for size in range(1, len(end) // _REPEATS + 1)
    )
