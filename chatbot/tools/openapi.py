"""From an OpenAPI 3 document to operations that can be tools. Pure; fetches nothing."""

import json
from dataclasses import dataclass
from typing import Any

import yaml

from chatbot.tools.outcomes import ToolFailed

LONGEST = 2_000_000  # characters of a document
_METHODS = ("get", "post", "put", "patch", "delete")
_PLACES = ("path", "query")  # headers and cookies are ours to set, not a model's
_DEEPEST = 12


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


def operations(text: str) -> list[Operation]:
    """Every operation of the document, in its order. ToolFailed if it is no such document."""
    document = _read(text)
    return [
        _operation(document, path, method, item)
        for path, item in document.get("paths", {}).items()
        if isinstance(item, dict)
        for method in _METHODS
        if isinstance(item.get(method), dict)
    ]


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
    except ValueError:
        document = _read_yaml(text)
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise ToolFailed("this is no OpenAPI 3 document")
    return document


def _read_yaml(text: str) -> Any:
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise ToolFailed("YAML aliases are not taken")  # nine lines of them make a gigabyte
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise ToolFailed(f"neither JSON nor YAML: {str(error)[:200]}") from None


def _operation(document: dict[str, Any], path: str, method: str, item: dict[str, Any]) -> Operation:
    said: dict[str, Any] = item[method]
    properties, required, places = _parameters(
        document, [*item.get("parameters", []), *said.get("parameters", [])]
    )
    _add_body(document, said.get("requestBody"), properties, required, places)
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
        output_schema=_answer(document, said.get("responses", {})),
        places=places,
    )


def _parameters(
    document: dict[str, Any], said: list[Any]
) -> tuple[dict[str, Any], list[str], dict[str, str]]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    places: dict[str, str] = {}
    for each in (_resolved(document, parameter) for parameter in said):
        name, place = str(each.get("name", "")), each.get("in")
        if place not in _PLACES:
            continue
        properties[name] = _described(each.get("schema", {}), each.get("description"))
        places[name] = str(place)
        if each.get("required") or place == "path":
            required.append(name)
    return properties, list(dict.fromkeys(required)), places


def _add_body(
    document: dict[str, Any],
    said: Any,
    properties: dict[str, Any],
    required: list[str],
    places: dict[str, str],
) -> None:
    """An object's fields become arguments of their own; anything else is one called "body"."""
    body = _resolved(document, said or {})
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


def _answer(document: dict[str, Any], responses: dict[str, Any]) -> dict[str, Any]:
    for status, said in responses.items():
        if str(status).startswith("2"):
            content = _resolved(document, said).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            return schema if isinstance(schema, dict) else {}
    return {}


def _described(schema: Any, description: Any) -> dict[str, Any]:
    known = schema if isinstance(schema, dict) else {}
    return {"description": str(description), **known} if description else known


def _resolved(document: dict[str, Any], value: Any, depth: int = 0) -> Any:
    """With every `$ref` into this document replaced by what it names; other ones, and what
    contains itself, by anything at all."""
    if depth > _DEEPEST:
        return {}
    if isinstance(value, list):
        return [_resolved(document, each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return _resolved(document, _named(document, value["$ref"]), depth + 1)
    return {key: _resolved(document, each, depth + 1) for key, each in value.items()}


def _named(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    if not reference.startswith("#/"):
        return {}
    for part in reference[2:].split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        found = found.get(key, {}) if isinstance(found, dict) else {}
    return found
