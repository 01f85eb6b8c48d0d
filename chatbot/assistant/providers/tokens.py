"""How many tokens a text is, roughly, for any model: by script, without a vocabulary. Pure.

Vocabularies differ by a third either way. The estimate leans to more, since it guards a limit.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_PIECE = re.compile(
    r"(?P<han>[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])"
    r"|(?P<word>[A-Za-z\u00c0-\u024f']+)"
    r"|(?P<number>\d+)"
    r"|(?P<space>[ \t]+)"
    r"|(?P<mark>[\x21-\x7e\u3000-\u303f\uff00-\uffef\u2010-\u2027]|\n+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_EVERY_MESSAGE = 4  # role and separators


def estimate(text: str) -> int:
    """Tokens of a text; 0 for none."""
    total = 0.0
    for match in _PIECE.finditer(text):
        total += _weight(str(match.lastgroup), len(match.group()))
    return round(total) if text else 0


def estimate_messages(messages: Iterable[Mapping[str, Any]], tools: Iterable[object] = ()) -> int:
    """Tokens of a whole request: chat messages and the definitions of tools."""
    spoken = sum(
        _EVERY_MESSAGE
        + estimate(str(message.get("content") or ""))
        + estimate(str(message.get("tool_calls") or ""))
        for message in messages
    )
    return spoken + sum(estimate(str(tool)) for tool in tools)


def cut(text: str, limit: int) -> str:
    """The beginning of the text that is `limit` tokens at most, "…" at its end if it was cut."""
    if estimate(text) <= limit:
        return text
    total, end = 1.0, 0
    for match in _PIECE.finditer(text):
        total += _weight(str(match.lastgroup), len(match.group()))
        if total > limit:
            break
        end = match.end()
    return f"{text[:end].rstrip()}…" if end else ""


def _weight(kind: str, length: int) -> float:
    if kind == "han":
        return 0.85
    if kind == "word":
        return 1.0 if length <= 6 else 1.0 + (length - 6) * 0.2
    if kind == "number":
        return (length + 2) // 3
    if kind == "space":
        return 0.0 if length == 1 else 1.0
    return 0.9 if kind == "mark" else 1.5
