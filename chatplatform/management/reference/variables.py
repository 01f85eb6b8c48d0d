"""Every variable of the environment, from the class that reads it."""

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from chatplatform.env import Environment
from chatplatform.management.reference.note import NOTE


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
