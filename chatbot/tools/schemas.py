"""JSON Schema both ways: what goes into a tool and what comes out of it."""

import json
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

LONGEST_ARGUMENTS = 20_000  # characters of JSON
_MOST_FAULTS = 5
# Empty, so that a `$ref` in a stranger's schema makes nobody fetch anything.
_NOTHING_ELSE: Registry[Any] = Registry()


class BadArguments(Exception):
    """What is wrong with them, in words that a model can mend them by."""


def read_arguments(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The arguments as a model wrote them; BadArguments."""
    if len(text) > LONGEST_ARGUMENTS:
        raise BadArguments(f"more than {LONGEST_ARGUMENTS} characters")
    try:
        arguments = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise BadArguments(f"not JSON: {error}") from None
    if not isinstance(arguments, dict):
        raise BadArguments("not a JSON object")
    if faults := faults_of(arguments, schema):
        raise BadArguments("; ".join(faults))
    return arguments


def faults_of(value: Any, schema: dict[str, Any]) -> list[str]:
    """The first few faults, each with its place; [] for none, and for no schema."""
    if not schema:
        return []
    try:
        errors = sorted(_validator(schema).iter_errors(value), key=lambda error: list(error.path))
        return [f"{_place(error.path)}: {error.message[:200]}" for error in errors[:_MOST_FAULTS]]
    except (Unresolvable, RecursionError, SchemaError) as error:
        return [f"the schema can't be used: {type(error).__name__}"]


def is_schema(schema: Any) -> bool:
    """Whether it is an object that JSON Schema allows."""
    if not isinstance(schema, dict):
        return False
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        return False
    return True


def without(schema: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The schema without these properties: what a model need not know."""
    if not names:
        return schema
    properties = {k: v for k, v in schema.get("properties", {}).items() if k not in names}
    required = [name for name in schema.get("required", []) if name not in names]
    return {**schema, "properties": properties, "required": required}


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, registry=_NOTHING_ELSE)


def _place(path: Any) -> str:
    return ".".join(str(part) for part in path) or "arguments"
