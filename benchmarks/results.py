"""What was measured, as a table for people and as JSON for later."""

import json
import math
import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

QUANTILES = {"p50": 0.50, "p99": 0.99, "max": 1.0}


@dataclass(frozen=True)
class Result:
    """`samples` in milliseconds, one per event that arrived; `lost` counts those that did not."""

    scenario: str
    contestant: str
    condition: str
    samples: list[float]
    lost: int = 0

    def quantile(self, share: float) -> float:
        """The smallest sample that `share` of all samples do not exceed (nearest rank)."""
        ordered = sorted(self.samples)
        return ordered[max(1, math.ceil(len(ordered) * share)) - 1]

    def summary(self) -> dict[str, str | int | float]:
        figures = {name: round(self.quantile(share), 2) for name, share in QUANTILES.items()}
        return {
            "scenario": self.scenario,
            "contestant": self.contestant,
            "condition": self.condition,
            "n": len(self.samples),
            "lost": self.lost,
            **figures,
        }


def table(results: Iterable[Result]) -> str:
    """One row a result, milliseconds."""
    rows = [result.summary() for result in results]
    heads = list(rows[0])
    lines = [[str(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [heads, *lines]
    )


def write(results: Iterable[Result], folder: Path) -> Path:
    """All samples, with the machine they were taken on; the path of the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / time.strftime("%Y%m%d-%H%M%S.json")
    body = {
        "machine": {"python": platform.python_version(), "system": platform.platform()},
        "results": [
            {**result.summary(), "samples": [round(sample, 3) for sample in result.samples]}
            for result in results
        ],
    }
    path.write_text(json.dumps(body, indent=1), encoding="utf-8")
    return path
