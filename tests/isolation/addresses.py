"""From a route, as Django writes it, to an address that a stranger would type."""

import re
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models

from tests.isolation.entries import Tried
from tests.isolation.routes import Route
from tests.isolation.treasure import Treasure

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_ADMIN = re.compile(r"admin/(\w+)/(\w+)/(.*)")


def admin_model(route: Route) -> type[models.Model] | None:
    """The model that an admin page is about, or None."""
    match = _ADMIN.fullmatch(route.path)
    if match is None:
        return None
    try:
        model = apps.get_model(match[1], match[2])
    except LookupError:
        return None
    return model if admin.site.is_registered(model) else None


def filled(route: Route, entry: Tried, treasure: Treasure) -> str:
    """The address with the neighbour's ids, or the words that everyone shares, in it."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in entry.words:
            return entry.words[name]
        find: Any = entry.ids.get(name) or entry.ids["object_id"]
        return str(find(treasure))

    return "/" + _PARAMETER.sub(value, route.path.removesuffix("$"))
