"""The table that `make faults` ends with."""

from collections.abc import Sequence
from typing import Any

COLUMNS = (
    ("written", "events written"),
    ("delivered", "delivered"),
    ("lost", "lost"),
    ("doubled", "doubled"),
    ("reordered", "reordered"),
    ("worst_gap_ms", "worst gap, ms"),
)


def table(verdicts: Sequence[dict[str, Any]]) -> list[str]:
    """A line for each fault, the columns as wide as they must be."""
    head = ["fault", *(title for _, title in COLUMNS)]
    body = [
        [each["fault"], *(f"{each[key]:,}".replace(",", " ") for key, _ in COLUMNS)]
        for each in verdicts
    ]
    widths = [max(len(row[place]) for row in [head, *body]) for place in range(len(head))]
    return [_line(row, widths) for row in [head, ["-" * width for width in widths], *body]]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *figures = (
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([name, *figures])
