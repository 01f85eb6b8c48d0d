"""The house's own Python files."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.processes import ROOT

PACKAGES = ("realtime", "chatplatform", "chatbot", "workbench")


def python_files(*, with_tests: bool = False) -> Iterator[Path]:
    """Every file of the four packages; migrations are Django's."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts or ("tests" in path.parts and not with_tests):
                continue
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
