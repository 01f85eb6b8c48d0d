"""The parts of docs/reference that the code itself can tell, so that they cannot be wrong."""

from collections.abc import Callable

from chatplatform.management.reference.commands import commands_page
from chatplatform.management.reference.errors import errors_page
from chatplatform.management.reference.events import events_page
from chatplatform.management.reference.http_api import http_api_page
from chatplatform.management.reference.variables import env_example, settings_page

PAGES: dict[str, Callable[[], str]] = {
    ".env.example": env_example,
    "docs/reference/settings.md": settings_page,
    "docs/reference/http-api.md": http_api_page,
    "docs/reference/events.md": events_page,
    "docs/reference/errors.md": errors_page,
    "docs/reference/commands.md": commands_page,
}
