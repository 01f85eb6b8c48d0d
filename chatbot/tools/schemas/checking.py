"""JSON Schema both ways: what goes into a tool and what comes out of it.

Schemas come from strangers: nothing is fetched for them, and no check takes longer than a moment.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

from chatbot.tools.schemas.patterns import UnusablePattern, is_match

LONGEST_ARGUMENTS = 20_000  # characters of JSON
LONGEST_CHECK = 0.5  # seconds of work
_MOST_FAULTS = 5
# Empty, so that a `$ref` in a stranger's schema makes nobody fetch anything.
_NOTHING_ELSE: Registry[Any] = Registry()
_Keyword = Callable[[Any, Any, Any, Any], Any]
_until: ContextVar[float] = ContextVar("until")


class BadArguments(Exception):
    """What is wrong with them, in words that a model can mend them by."""


class TooTangled(Exception):
    """Checking takes too long."""


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
    _until.set(time.thread_time() + LONGEST_CHECK)
    try:
        found = _Bounded(schema, registry=_NOTHING_ELSE).iter_errors(value)
        errors = sorted(found, key=lambda error: list(error.path))
        return [f"{_place(error.path)}: {error.message[:200]}" for error in errors[:_MOST_FAULTS]]
    except (Unresolvable, RecursionError, SchemaError, TooTangled) as error:
        return [f"the schema can't be used: {type(error).__name__}"]


def without(schema: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The schema without these properties: what a model need not know."""
    if not names:
        return schema
    properties = {k: v for k, v in schema.get("properties", {}).items() if k not in names}
    required = [name for name in schema.get("required", []) if name not in names]
    return {**schema, "properties": properties, "required": required}


def _watched(keyword: _Keyword) -> _Keyword:
    """The same keyword, unless the time is over."""

    def check(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
        if time.thread_time() > _until.get():
            raise TooTangled
        yield from keyword(validator, wanted, instance, schema) or ()

    return check


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[Any]:
    if not isinstance(instance, str):
        return
    try:
        if not is_match(pattern, instance):
            yield ValidationError(f"{instance!r} does not match {pattern!r}")
    except UnusablePattern as error:
        yield ValidationError(str(error))


def _unique_items(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """The library's own compares each with each."""
    if wanted and isinstance(instance, list):
        written = {json.dumps(each, sort_keys=True) for each in instance}
        if len(written) < len(instance):
            yield ValidationError("has non-unique elements")


_KEYWORDS = {**Draft202012Validator.VALIDATORS, "pattern": _pattern, "uniqueItems": _unique_items}
_Bounded: Any = validators.extend(
    Draft202012Validator, {name: _watched(keyword) for name, keyword in _KEYWORDS.items()}
)


def _place(path: Any) -> str:
    return ".".join(str(part) for part in path) or "arguments"
