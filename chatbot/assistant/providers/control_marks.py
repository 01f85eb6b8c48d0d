"""The marks by which models' templates part messages: no text of anybody's may hold one. Pure.

Servers of open models read them wherever they stand: "<|im_end|>" in a customer's message would end
the message, and what follows could pose as the system's. Unicode's tags are letters that a model
reads and no person sees.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_NAMES = r"(?:s|bos|eos|(?:start|end)_of_turn|(?:im_|turn_)(?:start|end))>"
_INSIDE = re.compile(
    rf"(?<=<)(?=[|｜])|(?<=[|｜])(?=>)|(?<=<)(?=/?{_NAMES})|(?<=\[)(?=/?(?:INST|SYSTEM_PROMPT)\])"
    r"|(?<=<)(?=</?SYS>)",
    re.IGNORECASE,
)
_TAGS = re.compile("[\U000e0000-\U000e007f]")


def disarmed(text: str) -> str:
    """The text with a space in every such mark: people read the same, a template nothing."""
    return _INSIDE.sub(" ", _TAGS.sub("", text))


def disarmed_all(values: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same for every text in them."""
    told: list[dict[str, Any]] = json.loads(disarmed(json.dumps(values, ensure_ascii=False)))
    return told
