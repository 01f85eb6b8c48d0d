"""The page about protection claims nothing that is not there."""

import ast
import re

import pytest

from tests.architecture.source import tree
from tests.processes import ROOT

PAGE = (ROOT / "docs/explanation/security.md").read_text("utf-8")
TABLES = PAGE.partition("## OWASP ASVS")[2]
MET = re.findall(r"^\| (\d+\.\d+\.\d+) \| .+? \| `(.+?)` \| (.+?) \|$", TABLES, re.MULTILINE)
OPEN = re.findall(r"^- \*open\* (\d+\.\d+\.\d+): .{10,}$", TABLES, re.MULTILINE)
NOT_OURS = [
    number
    for line in re.findall(r"^Does not apply\. (.+)$", TABLES, re.MULTILINE)
    for number in re.findall(r"\d+\.\d+\.\d+", re.sub(r"\(.*?\)", "", line))
]

# Sections of ASVS 5.0.0, and how many of their requirements are of level 1 or 2: always the first.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1
4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2
7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2
10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5
14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""


def test_every_requirement_is_accounted_for_once() -> None:
    counted = (section.split(":") for section in SECTIONS.split())
    asked = [f"{name}.{number}" for name, most in counted for number in range(1, int(most) + 1)]
    told = [number for number, _, _ in MET] + OPEN + NOT_OURS
    assert sorted(told) == sorted(asked)
    sums = f"{len(MET)} are met, {len(OPEN)} are *open*, {len(NOT_OURS)} do not apply"
    assert f"Of the {len(asked)} requirements of levels 1 and 2, {sums}." in PAGE


@pytest.mark.parametrize(("number", "module", "tests"), MET, ids=[row[0] for row in MET])
def test_what_is_said_to_meet_and_show_it_is_there(number: str, module: str, tests: str) -> None:
    assert (ROOT / module).is_file(), module
    named = re.findall(r"`([^`]+)::(\w+)`", tests)
    assert len(named) == len(tests.split(", "))
    for file, test in named:
        assert (ROOT / file).is_file(), file
        assert test in _tests_of(file), f"{file}::{test}"


def _tests_of(file: str) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree(ROOT / file)) if isinstance(node, functions)}
