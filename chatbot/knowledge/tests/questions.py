"""What customers of the demo shop might ask. Thresholds were chosen on the tuning half only."""

import json
from pathlib import Path
from typing import Literal, NamedTuple

Part = Literal["tuning", "held_out"]


class Question(NamedTuple):
    """`article` is the slug that answers it, None if nothing the shop knows does."""

    text: str
    language: str
    article: str | None
    part: Part


def questions(part: Part, language: str, *, on_topic: bool) -> list[Question]:
    """The questions of one half in one language, those the shop can answer or the others."""
    rows = json.loads(Path(__file__).with_name("questions.json").read_text(encoding="utf-8"))
    found = [Question(**row) for row in rows if row["part"] == part]
    return [q for q in found if q.language == language and (q.article is not None) == on_topic]
