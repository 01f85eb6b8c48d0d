"""Whatever is refused, is refused by a code that is registered, documented and translated."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.functional import Promise

from chatplatform.kernel.error_codes import application_errors, error_codes
from chatplatform.kernel.errors import ApplicationError
from tests.architecture.source import name, python_files, tree

CODES = {error.code: error for error in error_codes()}
FILES = list(python_files())


def nodes(kind: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    for path in FILES:
        yield from ((path, node) for node in ast.walk(tree(path)) if isinstance(node, kind))


def called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def names_of_bases(node: ast.ClassDef) -> set[str]:
    return {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}


def error_classes() -> list[tuple[Path, ast.ClassDef]]:
    """Every class in the source that is an ApplicationError, by the names of its bases."""
    classes = [(path, node) for path, node in nodes(ast.ClassDef) if isinstance(node, ast.ClassDef)]
    known = {"ApplicationError"}
    while True:
        found = [(path, node) for path, node in classes if names_of_bases(node) & known]
        if {node.name for _, node in found} <= known:
            return found
        known |= {node.name for _, node in found}


def own_code(node: ast.ClassDef) -> str | None:
    for statement in (each for each in node.body if isinstance(each, ast.Assign)):
        named = [getattr(target, "id", "") for target in statement.targets]
        if named == ["code"] and isinstance(statement.value, ast.Constant):
            return str(statement.value.value)
    return None


def test_every_error_in_the_source_has_a_code_of_its_own_and_is_registered() -> None:
    found = error_classes()
    assert found
    assert [(name(path), node.name) for path, node in found if own_code(node) not in CODES] == []


def test_no_two_errors_share_a_code() -> None:
    counted = Counter(kind.code for kind in {ApplicationError, *application_errors()})
    assert {code: count for code, count in counted.items() if count > 1} == {}


def literal_codes() -> Iterator[tuple[str, str]]:
    """Codes that are written where something is refused, and not with a class."""
    position = {"FrameError": 0, "Refused": 1}
    for path, call in nodes(ast.Call):
        if isinstance(call, ast.Call) and len(call.args) > position.get(called(call), 99):
            given = call.args[position[called(call)]]
            if isinstance(given, ast.Constant):
                yield name(path), str(given.value)
    for path, node in nodes(ast.Dict):
        if isinstance(node, ast.Dict):
            pairs = {
                key.value: value.value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
            }
            if pairs.get("type") == "error" and "code" in pairs:
                yield name(path), str(pairs["code"])


def test_every_code_that_refuses_a_stream_or_a_frame_is_registered() -> None:
    found = list(literal_codes())
    assert ("realtime/consumers/socket.py", "not_json") in found
    assert ("realtime/consumers/socket.py", "server_error") in found
    assert [each for each in found if each[1] not in CODES] == []


@pytest.mark.parametrize("error", CODES.values(), ids=lambda error: error.code)
def test_a_code_is_stable_to_spell_and_said_in_the_readers_language(error: object) -> None:
    code, title, hint, status = (getattr(error, n) for n in ("code", "title", "hint", "status"))
    assert code.isascii()
    assert code == code.lower()
    assert code.replace("_", "").isalnum()
    assert isinstance(title, Promise), "a title goes through gettext"
    assert hint == "" or isinstance(hint, Promise)
    assert status is None or 400 <= status < 600


def test_the_walk_would_find_an_error_that_nobody_registered() -> None:
    stray = ast.parse("class Stray(Conflict):\n    code = 'stray'").body[0]
    assert isinstance(stray, ast.ClassDef)
    assert names_of_bases(stray) == {"Conflict"}
    assert own_code(stray) not in CODES
