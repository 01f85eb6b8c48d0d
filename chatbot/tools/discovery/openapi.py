"""From an OpenAPI 3 document to operations that can be tools. Pure; fetches nothing."""

import json
from dataclasses import dataclass, field
from typing import Any

import yaml

from chatbot.tools.calling.outcomes import ToolFailed

LONGEST = 2_000_000  # characters of a document
MOST_OPERATIONS = 500
MOST_PARTS = 5_000  # of an operation, with everything that it refers to
_METHODS = ("get", "post", "put", "patch", "delete")
_PLACES = ("path", "query")  # headers and cookies are ours to set, not a model's
_DEEPEST = 100  # libyaml would go on until the stack ends
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where built


@dataclass(frozen=True)
class Operation:
    """One operation; `places` says of each argument where it goes."""

    id: str
    name: str
    method: str
    path: str
    title: str
    description: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    places: dict[str, str]


@dataclass
class Contents:
    """The operations of a document in its order, and sentences about those that can't be tools."""

    operations: list[Operation] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read(text: str) -> Contents:
    """What the document offers. ToolFailed if it is no such document."""
    document, found = _read(text), Contents()
    try:
        for path, item in document.get("paths", {}).items():
            for method in _METHODS:
                if isinstance(item, dict) and isinstance(item.get(method), dict):
                    _add(found, document, path, method, item)
    except (AttributeError, TypeError):
        raise ToolFailed("this is no OpenAPI 3 document: something has the wrong type") from None
    return found


def _add(found: Contents, document: dict[str, Any], path: str, method: str, item: Any) -> None:
    if len(found.operations) >= MOST_OPERATIONS:
        raise ToolFailed(f"the document has more than {MOST_OPERATIONS} operations")
    try:
        found.operations.append(_operation(_Unfolding(document), path, method, item))
    except (_TooLarge, RecursionError):
        told = f"with all it refers to, it has more than {MOST_PARTS} parts"
        found.left_out.append(f"{method} {path}: {told}")


def base_address(text: str) -> str:
    """Where its paths begin, if it says so in full; else ""."""
    servers = _read(text).get("servers") or [{}]
    url = str(servers[0].get("url", "")) if isinstance(servers[0], dict) else ""
    return url if url.startswith(("http://", "https://")) else ""


def _read(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise ToolFailed("the document is too long")
    try:
        document = json.loads(text)
    except RecursionError:
        raise ToolFailed("the document is nested too deeply") from None
    except ValueError:
        document = _read_yaml(text)
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise ToolFailed("this is no OpenAPI 3 document")
    return document


def _read_yaml(text: str) -> Any:
    depth = 0
    try:
        for event in yaml.parse(text, _Loader):
            if isinstance(event, yaml.AliasEvent):
                raise ToolFailed("YAML aliases are not taken")  # nine lines make a gigabyte
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise ToolFailed("the document is nested too deeply")
        return yaml.load(text, _Loader)  # noqa: S506 - it is a safe one
    except yaml.YAMLError as error:
        raise ToolFailed(f"neither JSON nor YAML: {str(error)[:200]}") from None


def _operation(refers: "_Unfolding", path: str, method: str, item: dict[str, Any]) -> Operation:
    said: dict[str, Any] = item[method]
    properties, required, places = _parameters(
        refers, [*item.get("parameters", []), *said.get("parameters", [])]
    )
    _add_body(refers, said.get("requestBody"), properties, required, places)
    name = str(said.get("operationId") or f"{method}{path}")
    return Operation(
        id=f"{method} {path}",
        name=name,
        method=method,
        path=path,
        title=str(said.get("summary", "")),
        description=str(said.get("description") or said.get("summary") or name),
        input_schema={
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        },
        output_schema=_answer(refers, said.get("responses", {})),
        places=places,
    )


def _parameters(
    refers: "_Unfolding", said: list[Any]
) -> tuple[dict[str, Any], list[str], dict[str, str]]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    places: dict[str, str] = {}
    for each in (refers.resolved(parameter) for parameter in said):
        name, place = str(each.get("name", "")), each.get("in")
        if place not in _PLACES:
            continue
        properties[name] = _described(each.get("schema", {}), each.get("description"))
        places[name] = str(place)
        if each.get("required") or place == "path":
            required.append(name)
    return properties, list(dict.fromkeys(required)), places


def _add_body(
    refers: "_Unfolding",
    said: Any,
    properties: dict[str, Any],
    required: list[str],
    places: dict[str, str],
) -> None:
    """An object's fields become arguments of their own; anything else is one called "body"."""
    body = refers.resolved(said or {})
    schema = body.get("content", {}).get("application/json", {}).get("schema")
    if not isinstance(schema, dict):
        return
    fields = schema.get("properties")
    if not isinstance(fields, dict) or set(fields) & set(properties):
        fields, needed = {"body": schema}, ["body"] if body.get("required") else []
    else:
        needed = schema.get("required", [])
    properties.update(fields)
    required += [name for name in needed if name not in required]
    places.update(dict.fromkeys(fields, "body"))


def _answer(refers: "_Unfolding", responses: dict[str, Any]) -> dict[str, Any]:
    for status, said in responses.items():
        if str(status).startswith("2"):
            content = refers.resolved(said).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            return schema if isinstance(schema, dict) else {}
    return {}


def _described(schema: Any, description: Any) -> dict[str, Any]:
    known = schema if isinstance(schema, dict) else {}
    return {"description": str(description), **known} if description else known


class _TooLarge(Exception):
    pass


class _Unfolding:
    """What references of one operation stand for. A few lines of them may mean millions."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document, self._left = document, MOST_PARTS

    def resolved(self, value: Any, within: tuple[str, ...] = ()) -> Any:
        """With every `$ref` into this document replaced by what it names; other ones, and what
        contains itself, by anything at all."""
        self._left -= 1
        if self._left < 0:
            raise _TooLarge
        if isinstance(value, list):
            return [self.resolved(each, within) for each in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return {key: self.resolved(each, within) for key, each in value.items()}
        if reference in within:
            return {}
        return self.resolved(self._named(reference), (*within, reference))

    def _named(self, reference: str) -> Any:
        found: Any = self._document
        if not reference.startswith("#/"):
            return {}
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            found = found.get(key, {}) if isinstance(found, dict) else {}
        return found
