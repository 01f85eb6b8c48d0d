"""The parts of docs/reference that the code itself can tell, so that they cannot be wrong."""

from collections.abc import Callable, Iterator
from inspect import cleandoc
from typing import Any

from django.core.management import get_commands, load_command_class
from django.utils.module_loading import autodiscover_modules
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from chatplatform.env import Environment
from realtime.events import Event, event_types

NOTE = "<!-- written by `manage.py write_reference`; a test compares it with the code -->\n"


def env_example() -> str:
    """`.env.example`: every variable at its default, commented out."""
    lines = ["# Copy to .env and change what you need; every value below is the default.", ""]
    for name, field in Environment.model_fields.items():
        lines += [f"# {field.description}", f"#{name.upper()}={_default(field)}", ""]
    return "\n".join(lines)


def settings_page() -> str:
    """`docs/reference/settings.md`."""
    rows = [
        f"| `{name.upper()}` | {_shown_default(field)} | {field.description} |"
        for name, field in Environment.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            NOTE,
            "Variables of the process environment, or lines of a `.env` file beside `manage.py`.",
            "A bad value stops the start; all faults are named at once.",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def events_page() -> str:
    """`docs/reference/events.md`."""
    autodiscover_modules("events")
    sections = [_event_section(event) for event in event_types().values() if _is_ours(event)]
    return "\n".join(["# Events", "", NOTE, _EVENTS_INTRODUCTION, *sections])


def commands_page() -> str:
    """`docs/reference/commands.md`."""
    sections = [_command_section(name, app) for name, app in sorted(_our_commands())]
    return "\n".join(["# Commands", "", NOTE, _COMMANDS_INTRODUCTION, *sections])


PAGES: dict[str, Callable[[], str]] = {
    ".env.example": env_example,
    "docs/reference/settings.md": settings_page,
    "docs/reference/events.md": events_page,
    "docs/reference/commands.md": commands_page,
}

_EVENTS_INTRODUCTION = """\
On a stream: `id: epoch-offset`, `event: <type>`, `data:` the envelope on one line.

    {"type": "...", "payload": {...}, "timestamp": 1767225600.123, "source": "ai_chatbot"}

`timestamp` is seconds since the epoch; `source` is `ai_chatbot`, `agent_workbench` or `system`.
A durable event is kept in the log and arrives once, in order, whatever broke meanwhile. One that
is not durable is delivered at most once and has no `id`.
"""

_COMMANDS_INTRODUCTION = """\
`python manage.py NAME --help` tells more. `make` alone lists what the Makefile offers.
"""


def _default(field: FieldInfo) -> str:
    default = field.default
    if default is None or isinstance(default, SecretStr):
        return ""  # a secret that everyone can read here must not be copied
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, list) else str(default)


def _shown_default(field: FieldInfo) -> str:
    if isinstance(field.default, SecretStr):
        return "one for development, refused when `DEBUG` is off"
    return f"`{_default(field)}`" if _default(field) else "(empty)"


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


def _our_commands() -> Iterator[tuple[str, str]]:
    for name, app in get_commands().items():
        if app.partition(".")[0] in {"chatplatform", "chatbot", "workbench", "realtime"}:
            yield name, app


def _command_section(name: str, app: str) -> str:
    command = load_command_class(app, name)
    ours = [
        action
        for action in command.create_parser("manage.py", name)._actions
        if action.dest not in _EVERY_COMMAND
    ]
    lines = [f"| `{_spelling(action)}` | {action.help or ''} |" for action in ours]
    table = ["| argument | meaning |", "|---|---|", *lines, ""] if lines else []
    return "\n".join([f"## {name}", "", cleandoc(str(command.help)), "", *table])


def _spelling(action: Any) -> str:
    return ", ".join(action.option_strings) or (action.metavar or action.dest).upper()


_EVERY_COMMAND = {
    *("help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color"),
    *("force_color", "skip_checks"),
}
