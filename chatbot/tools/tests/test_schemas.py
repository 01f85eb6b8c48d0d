import socket
import time
from typing import Any

import pytest

from chatbot.tools.schemas import patterns
from chatbot.tools.schemas.checking import BadArguments, faults_of, read_arguments, without
from chatbot.tools.schemas.strangers import trouble_with

SECOND = 1.0  # far more than any check may take


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


def nested(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def doubling(levels: int) -> dict[str, Any]:
    """A few lines that mean two to the power of `levels` checks."""
    refs = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {"$defs": {**refs, f"d{levels}": {}}, "$ref": "#/$defs/d0"}


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ([], "it is no object"),
        (None, "it is no object"),
        ({"type": 7}, "it is no JSON Schema"),
        ({"pattern": "(?=a)b"}, "look-around"),
        ({"pattern": r"(a)\1"}, "backreferences"),
        ({"pattern": "(?:[01]{0,100}){600}"}, "is too large"),
        ({"pattern": "(?x)a{10 00}"}, "is too large"),
        ({"items": {"properties": {"x": {"pattern": "[a"}}}}, "the pattern '[a' can't be used"),
        ({"$ref": "http://evil.example/x.json"}, "nothing is fetched"),
        ({"anyOf": [{"$ref": "other.json#/x"}]}, "nothing is fetched"),
        ({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, "RecursionError"),
        ({"$ref": "#/$defs/nowhere"}, "the schema can't be used"),
        ({"patternProperties": {"(a+)+$": {}}}, "patternProperties"),
        ({"enum": ["x" * 60_000]}, "longer than 50000"),
        (nested(40), "nested deeper than 32"),
        (nested(20_000), "nested deeper than 32"),
        (doubling(40), "TooTangled"),
    ],
)
def test_a_strangers_schema_that_is_not_taken_is_told_why(schema: Any, why: str) -> None:
    began = time.thread_time()
    assert why in trouble_with(schema)
    assert time.thread_time() - began < SECOND


@pytest.mark.parametrize(
    "schema",
    [
        {},
        nested(15),
        {"properties": {"pattern": {"type": "string"}, "$ref": {"type": "string"}}},
        {"default": {"patternProperties": 1}},
        {"$defs": {"tree": {"items": {"$ref": "#/$defs/tree"}}}, "$ref": "#/$defs/tree"},
        {"pattern": r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"},
        {"pattern": r"^\+?\d{1,3}[\s\-]\d{3,14}$"},
        {"pattern": "(a+)+$"},
    ],
)
def test_what_is_sensible_is_taken(schema: Any) -> None:
    assert trouble_with(schema) == ""


def test_a_catastrophic_pattern_costs_nothing() -> None:
    began = time.thread_time()
    assert faults_of("a" * 1_900 + "!", {"pattern": "(a+)+$"})
    assert faults_of("a" * 5_000, {"pattern": "a"}), "too long for any pattern"
    assert patterns.found("(a+)+", f"{'a' * 900}! {'a' * 900}!") == "a" * 900
    assert time.thread_time() - began < SECOND


def test_many_different_items_are_compared_in_a_moment() -> None:
    began = time.thread_time()
    assert faults_of([{"a": n} for n in range(30_000)], {"uniqueItems": True}) == []
    assert faults_of([{"a": 1}, {"a": 1}], {"uniqueItems": True})
    assert time.thread_time() - began < SECOND


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Where is 10001?", "10001"),
        ("订单10001到哪了", "10001"),
        ("not 910001 nor 1000 nor A10001", None),
        ("it is \u201c10002\u201d, not 10003", "10002"),
    ],
)
def test_a_number_is_found_in_a_sentence(text: str, value: str | None) -> None:
    assert patterns.found(r"^1\d{4}$", text) == value


def test_an_address_is_found_whole() -> None:
    pattern = r"^[^\s@]+@[^\s@]+\.[a-z]+$"
    assert patterns.found(pattern, "I am ana.li@shop.example, hello") == "ana.li@shop.example"
    assert patterns.found("(?=a)", "a") is None
