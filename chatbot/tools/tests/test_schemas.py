import socket

import pytest

from chatbot.tools.schemas import BadArguments, faults_of, is_schema, read_arguments, without


def test_a_schema_that_names_another_makes_nobody_fetch_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("asked for a name"))
    faults = faults_of({"a": 1}, {"properties": {"a": {"$ref": "http://evil.example/x.json"}}})
    assert faults == ["the schema can't be used: _WrappedReferencingError"]


def test_a_schema_that_contains_itself_is_no_fault_of_ours() -> None:
    schema = {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}
    assert faults_of({}, schema)


def test_faults_are_told_with_their_place_and_few_of_them() -> None:
    schema = {"items": {"type": "integer"}}
    faults = faults_of(["x"] * 50, schema)
    assert len(faults) == 5
    assert faults[0].startswith("0: ")


def test_what_only_we_fill_in_is_not_for_a_model() -> None:
    schema = {
        "properties": {"a": {}, "email": {}},
        "required": ["a", "email"],
        "additionalProperties": False,
    }
    shown = without(schema, {"email"})
    assert shown["required"] == ["a"]
    with pytest.raises(BadArguments):
        read_arguments('{"a": 1, "email": "x"}', shown)


@pytest.mark.parametrize(
    ("schema", "good"),
    [({"type": "object"}, True), ({"type": 7}, False), ([], False), (None, False)],
)
def test_what_a_schema_is(schema: object, good: bool) -> None:
    assert is_schema(schema) is good
