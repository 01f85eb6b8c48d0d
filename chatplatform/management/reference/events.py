"""Every event type, from its class."""

from inspect import cleandoc
from typing import Any

from django.utils.module_loading import autodiscover_modules

from chatplatform.management.reference.note import NOTE
from realtime.events import Event, event_types

_EVENTS_INTRODUCTION = """\
On a stream: `id: epoch-offset`, `event: <type>`, `data:` the envelope on one line.

    {"type": "...", "payload": {...}, "timestamp": 1767225600.123, "source": "ai_chatbot"}

`timestamp` is seconds since the epoch; `source` is `ai_chatbot`, `agent_workbench` or `system`.
A durable event is kept in the log and arrives once, in order, whatever broke meanwhile. One that
is not durable is delivered at most once and has no `id`.
"""


def events_page() -> str:
    """`docs/reference/events.md`."""
    autodiscover_modules("events")
    sections = [_event_section(event) for event in event_types().values() if _is_ours(event)]
    return "\n".join(["# Events", "", NOTE, _EVENTS_INTRODUCTION, *sections])


def _is_ours(event: type[Event]) -> bool:
    return ".tests." not in event.__module__ and not event.__module__.startswith("tests.")


def _event_section(event: type[Event]) -> str:
    schema = event.model_json_schema()
    shapes = schema.get("$defs", {})
    fields = [
        f"| `{name}` | {_type(field)} |" for name, field in schema.get("properties", {}).items()
    ]
    table = ["| field | type |", "|---|---|", *fields, ""] if fields else []
    durable = "Durable." if event.durable else "Not durable."
    return "\n".join(
        [f"## {event.type}", "", f"{cleandoc(event.__doc__ or '')} {durable}", "", *table]
        + [_shape_line(name, shape) for name, shape in shapes.items()]
    )


def _shape_line(name: str, shape: dict[str, Any]) -> str:
    fields = ", ".join(f"`{field}`: {_type(of)}" for field, of in shape["properties"].items())
    return f"`{name}`: {fields}\n"


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(option) for option in field["anyOf"])
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    if "$ref" in field:
        return f"`{field['$ref'].rpartition('/')[2]}`"
    return str(field.get("format") or field.get("type") or "any JSON")
