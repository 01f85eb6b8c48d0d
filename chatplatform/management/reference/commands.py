"""Every management command of ours, from its help."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

from django.core.management import get_commands, load_command_class

from chatplatform.management.reference.note import NOTE

_COMMANDS_INTRODUCTION = """\
`python manage.py NAME --help` tells more. `make` alone lists what the Makefile offers.
"""

_EVERY_COMMAND = {
    *("help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color"),
    *("force_color", "skip_checks"),
}


def commands_page() -> str:
    """`docs/reference/commands.md`."""
    sections = [_command_section(name, app) for name, app in sorted(_our_commands())]
    return "\n".join(["# Commands", "", NOTE, _COMMANDS_INTRODUCTION, *sections])


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
