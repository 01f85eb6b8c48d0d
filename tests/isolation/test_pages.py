from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync
from django.db import models

from chatbot.conversations.services import OpenedSession
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from tests.isolation.addresses import admin_model, filled
from tests.isolation.entries import ENTRIES, FAMILIES, Public, Tried
from tests.isolation.routes import DOORS, Route, routes
from tests.isolation.treasure import MARK, Treasure, owned_models
from tests.isolation.visitors import WHO, Visitor, is_login, visitors

ROUTES = routes()
PAGES = [route for route in ROUTES if route.kind == "page"]
REFUSALS = {401, 403, 404}


@pytest.fixture
def treasure(other_tenant: Tenant) -> Iterator[Treasure]:
    found = Treasure(other_tenant, known=[])
    found.bury_all()
    return found


def entry_of(route: Route) -> Tried | Public | None:
    if str(route) in ENTRIES:
        return ENTRIES[str(route)]
    if admin_model(route) is not None and "<" in route.path:
        return Tried({"object_id": lambda treasure: row_of(route, treasure).pk})
    family = [entry for start, entry in FAMILIES.items() if str(route).startswith(start)]
    takes_an_id = "<" in route.path and not isinstance(next(iter(family), None), Public)
    return None if takes_an_id else next(iter(family), None)


def row_of(route: Route, treasure: Treasure) -> models.Model:
    model = admin_model(route)
    assert model is not None
    return treasure.row(model)


def test_every_address_is_tried() -> None:
    assert [str(route) for route in ROUTES if entry_of(route) is None] == []


def test_no_entry_is_left_of_an_address_that_is_gone() -> None:
    assert ENTRIES.keys() - {str(route) for route in ROUTES} == set()


def test_the_neighbour_has_a_row_in_every_table(treasure: Treasure) -> None:
    with all_tenants():
        missing = [model for model in owned_models() if not model._base_manager.exists()]
    assert missing == []


@pytest.mark.parametrize("who", WHO)
def test_no_page_shows_a_stranger_anything(
    who: str, treasure: Treasure, tenant: Tenant, ana: OpenedSession, settings: Any
) -> None:
    visitor = visitors(tenant, ana)[who]
    wrong = []
    for door in DOORS:
        settings.ROOT_URLCONF = f"chatplatform.urls.{door}"
        for route in PAGES:
            wrong += faults(route, visitor, treasure) if route.door == door else []
    assert wrong == []


def faults(route: Route, visitor: Visitor, treasure: Treasure) -> list[str]:
    entry = entry_of(route)
    if not isinstance(entry, Tried):
        return []
    path = filled(route, entry, treasure)
    query = {name: find(treasure) for name, find in entry.query.items()}
    found = []
    for method, body in entry.calls.items():
        answer = visitor.call(method, path, body, **query)
        fault = (
            refused(answer, visitor, path) if entry.ids or query else shows_nothing(answer, path)
        )
        if fault:
            found.append(f"{method} {path} -> {fault}")
    return found


def refused(answer: Any, visitor: Visitor, path: str) -> str:
    """What is wrong with the answer to a stranger's id, if anything."""
    ended_at = answer.request["PATH_INFO"]
    asked_to_sign_in = is_login(answer) and not visitor.signs_in
    asked_again = ended_at == "/accounts/reauthenticate/"  # before any id is looked at
    if answer.status_code in REFUSALS or asked_to_sign_in or asked_again:
        return shows_nothing(answer, path)
    return f"{answer.status_code} at {ended_at}"


def shows_nothing(answer: Any, path: str) -> str:
    if answer.status_code >= 500:
        return str(answer.status_code)
    told = whole(answer)
    for known in (path, quote(path), quote(path, safe="/@"), quote(path, safe="")):
        told = told.replace(known.encode(), b"")  # the address he typed himself is no news
    leaks = MARK.encode() in told
    return f"{answer.status_code} with the neighbour's data" if leaks else ""


def whole(answer: Any) -> bytes:
    if not getattr(answer, "is_async", False):
        return bytes(answer.getvalue())

    async def read() -> bytes:
        return b"".join([part async for part in answer])

    return async_to_sync(read)()
