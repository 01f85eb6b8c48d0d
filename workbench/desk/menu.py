"""The console's own places in the menu, and the menu as the console draws it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import User
from chatplatform.roles import menus
from chatplatform.roles.menus import Entry
from workbench.desk.inbox import VIEWS

_PREFIX = "desk."

ENTRIES = (
    *(
        Entry(
            key=f"{_PREFIX}{view.key}",
            title=view.title,
            route="desk:console",
            query=f"?view={view.key}",
            permission=f"conversations.serve_conversation {view.permission}",
            icon=view.key,
            order=place,
        )
        for place, view in enumerate(VIEWS.values())
    ),
    Entry(
        key="admin",
        title=_("Administration"),
        route="admin:index",
        icon="settings",
        order=900,
        staff=True,
    ),
)


def menu_of(user: User) -> dict[str, Any]:
    """For the templates, each in order: `views` of the inbox, `rooms` of the console besides it,
    and `links` that lead out of it."""
    entries = menus.menu_of(user)
    own = [entry.key.removeprefix(_PREFIX) for entry in entries if entry.key.startswith(_PREFIX)]
    others = [entry for entry in entries if not entry.key.startswith(_PREFIX)]
    return {
        "views": [VIEWS[key] for key in own if key in VIEWS],
        "rooms": [entry for entry in others if not entry.staff],
        "links": [entry for entry in others if entry.staff],
    }
