import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import name, python_files, tree
from tests.processes import ROOT

FILES = list(python_files())
# these two name the settings module before settings can exist
MAY_TOUCH_THE_ENVIRONMENT = {"chatplatform/env.py", "chatplatform/asgi.py"}


def reads_environment(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    )


def test_only_one_file_reads_the_environment() -> None:
    readers = {name(path) for path in FILES if any(map(reads_environment, ast.walk(tree(path))))}
    assert readers <= MAY_TOUCH_THE_ENVIRONMENT


def test_files_are_named_after_nouns_not_after_leftovers() -> None:
    leftovers = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [name(path) for path in FILES if path.name in leftovers] == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "NotImplementedError"])
def test_nothing_is_left_unfinished(word: str) -> None:
    unfinished = [name(path) for path in FILES if re.search(rf"\b{word}\b", path.read_text())]
    assert unfinished == []


def test_files_stay_small_enough_to_read_at_once() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in FILES}
    assert {file: lines for file, lines in lengths.items() if lines > 300} == {}


def test_templates_carry_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\son[a-z]+=\"|\sstyle=\"")
    data_island = re.compile(r"<script[^>]*type=\"(application/json|importmap)\"[^>]*>")
    found: dict[str, str] = {}
    for path in templates():
        text = data_island.sub("", path.read_text(encoding="utf-8"))
        if match := inline.search(text):
            found[name(path)] = match[0]
    assert found == {}


def test_pages_load_nothing_from_other_hosts() -> None:
    foreign = re.compile(r"(?:src|href)=\"(?:https?:)?//")
    assert [name(path) for path in templates() if foreign.search(path.read_text())] == []


def templates() -> list[Path]:
    return [path for path in ROOT.glob("**/templates/**/*.html") if ".venv" not in path.parts] + [
        *ROOT.glob("templates/**/*.html")
    ]
