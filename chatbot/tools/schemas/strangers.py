"""Which schemas of strangers are taken, and why others are not. Nothing is fetched."""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from chatbot.tools.schemas.checking import faults_of
from chatbot.tools.schemas.patterns import UnusablePattern, compiled

LONGEST = 50_000  # characters of JSON
DEEPEST = 32  # schemas in schemas
_MAPS = {"properties", "$defs", "definitions", "dependentSchemas"}  # of names to schemas
_DATA = {"const", "default", "enum", "example", "examples"}
# What can't be checked in bounded time, and hardly anybody writes.
_NOT_TAKEN = {"patternProperties", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef"}


def trouble_with(schema: Any) -> str:
    """Why it is not taken, in a sentence without its beginning; "" if it is."""
    if not isinstance(schema, dict):
        return "it is no object"
    try:
        if len(json.dumps(schema)) > LONGEST:
            return f"it is longer than {LONGEST} characters"
        for part in _parts(schema):
            if trouble := _trouble_in(part):
                return trouble
        Draft202012Validator.check_schema(schema)
    except RecursionError:
        return f"it is nested deeper than {DEEPEST} levels"
    except SchemaError as error:
        return f"it is no JSON Schema: {error.message[:200]}"
    tried = faults_of({}, schema)
    return next((fault for fault in tried if fault.startswith("the schema")), "")


def _parts(schema: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every schema in it; RecursionError beyond what is sensible."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(schema, list):
        for each in schema:
            yield from _parts(each, depth + 1)
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword, value in schema.items():
        if keyword in _MAPS and isinstance(value, dict):
            yield from _parts(list(value.values()), depth)
        elif keyword not in _DATA:
            yield from _parts(value, depth + 1)


def _trouble_in(schema: dict[str, Any]) -> str:
    if strange := _NOT_TAKEN & set(schema):
        return f"it uses {', '.join(sorted(strange))}"
    reference = schema.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        return f"it refers to {reference[:200]!r}, and nothing is fetched"
    pattern = schema.get("pattern")
    try:
        if isinstance(pattern, str):
            compiled(pattern)
    except UnusablePattern as error:
        return str(error)
    return ""
