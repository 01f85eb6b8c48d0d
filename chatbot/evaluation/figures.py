"""Figures of several sets and ways: as a table, as JSON, and beside earlier ones. Pure."""

import json
from pathlib import Path
from typing import Any

from chatbot.evaluation.measures import Figures

Rows = list[tuple[str, str, str, Figures]]
"""Set, group of questions, way, figures."""

_COLUMNS = ("hit@1", "hit@3", "answered_share", "right_share", "refused_share")
_HEADINGS = ("hit@1", "hit@3", "answered", "right", "refused")
# Who answers less is not worse for it, who answers less rightly is.
_MUST_NOT_DROP = ("hit@1", "hit@3", "right", "right_share", "refused_share")


def as_table(rows: Rows) -> str:
    """One line a group and way."""
    lines: list[tuple[str, ...]] = [("set", "questions", "", "way", *_HEADINGS)]
    for name, group, way, found in rows:
        shares = found.shares()
        counted = f"{found.on_topic}+{found.off_topic}"
        shown = ["-" if shares[c] is None else f"{shares[c]:.2f}" for c in _COLUMNS]
        lines.append((name, group, counted, way, *shown))
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def as_json(rows: Rows) -> str:
    """[{"set", "group", "retriever", and what Figures.as_json says}]."""
    return json.dumps(_told(rows), ensure_ascii=False, indent=1)


def read(path: Path) -> list[dict[str, Any]]:
    """What as_json wrote; ValueError for anything else."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        found = [{**row, "key": (row["set"], row["group"], row["retriever"])} for row in rows]
    except (OSError, KeyError, TypeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return found


def drops(before: list[dict[str, Any]], rows: Rows) -> list[str]:
    """What is lower than it was, a sentence each; also what was asked then and is not now."""
    now = {(row["set"], row["group"], row["retriever"]): row for row in _told(rows)}
    found = []
    for row in before:
        name = ", ".join(row["key"])
        if row["key"] not in now:
            found.append(f"{name}: not asked any more")
            continue
        for figure in _MUST_NOT_DROP:
            was, is_ = row.get(figure), now[row["key"]].get(figure)
            if was is not None and (is_ is None or is_ < was):
                found.append(f"{name}: {figure} {was} -> {is_}")
    return found


def _told(rows: Rows) -> list[dict[str, Any]]:
    return [
        {"set": name, "group": group, "retriever": way, **found.as_json()}
        for name, group, way, found in rows
    ]
