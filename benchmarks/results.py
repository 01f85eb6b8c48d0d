"""What was measured, as a table for people and as JSON for later."""

import json
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import machine

QUANTILES = {"p50": 0.50, "p99": 0.99, "max": 1.0}
Cell = str | int | float


@dataclass(frozen=True)
class Result:
    """`samples` in milliseconds, one per event that arrived; `lost` counts those that did not.

    `figures` are columns of a scenario's own; `note` says what a reader must know of the row.
    """

    scenario: str
    contestant: str
    condition: str
    samples: list[float]
    lost: int = 0
    figures: dict[str, Cell] = field(default_factory=dict)
    note: str = ""

    def quantile(self, share: float) -> float:
        """The smallest sample that `share` of all samples do not exceed (nearest rank)."""
        ordered = sorted(self.samples)
        return ordered[max(1, math.ceil(len(ordered) * share)) - 1]

    def summary(self) -> dict[str, Cell]:
        timed: dict[str, Cell] = {}
        if self.samples:
            timed = {"n": len(self.samples), "lost": self.lost}
            timed |= {name: round(self.quantile(share), 2) for name, share in QUANTILES.items()}
        return {
            "scenario": self.scenario,
            "contestant": self.contestant,
            "condition": self.condition,
            **timed,
            **self.figures,
            **({"note": self.note} if self.note else {}),
        }


def quiet(samples: list[float]) -> float:
    """The tenth percentile: what it takes when nothing else wants the processor."""
    return sorted(samples)[len(samples) // 10]


def tables(results: Iterable[Result]) -> str:
    """One table a scenario: its rows share their columns. Times in milliseconds."""
    groups: dict[str, list[dict[str, Cell]]] = {}
    for result in results:
        groups.setdefault(result.scenario.partition(":")[0], []).append(result.summary())
    return "\n\n".join(table(rows) for rows in groups.values())


def table(rows: list[dict[str, Cell]]) -> str:
    """A column for whatever any row has, notes last."""
    heads = list(dict.fromkeys(head for row in rows for head in row if head != "note"))
    heads += ["note"] if any("note" in row for row in rows) else []
    lines = [heads, *([str(row.get(head, "")) for head in heads] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def write(results: Iterable[Result], folder: Path) -> Path:
    """All samples, with the machine they were taken on; the path of the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / time.strftime("%Y%m%d-%H%M%S.json")
    body = {
        "machine": machine.description(),
        "results": [
            {**result.summary(), "samples": [round(sample, 3) for sample in result.samples]}
            for result in results
        ],
    }
    path.write_text(json.dumps(body, indent=1), encoding="utf-8")
    return path
