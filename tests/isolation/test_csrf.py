"""No address does anything for who is signed in because another site sends a form there."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from chatplatform.accounts.models import User
from tests.isolation.routes import DOORS, Route, routes

pytestmark = pytest.mark.django_db

PAGES = [route for route in routes() if route.kind == "page"]

CLOSED = next(route.path for route in PAGES if route.path.startswith("^_allauth/"))

# Where no cookie counts, so nothing can be forged; what a form without a token is told there.
WITHOUT_COOKIES = {
    "workbench page /_allauth/": {400, 401, 404, 405, 409, 410},  # X-Session-Token, or a bearer's
    "workbench page /^_allauth/": {404},  # closed
    "chatbot page /api/v1/": {400, 401, 404, 405, 415},  # a customer's token in a header
    "chatbot page /api/schema/": {405},
    "workbench page /api/schema/": {405},
}


def address_of(route: Route) -> str:
    """Something that the route matches."""
    if route.path == CLOSED:
        return "/_allauth/app/v1/auth/signup"
    path = re.sub(r"\(\?P<\w+>(\w+)(?:\|[\w|]+)?\)", r"\1", route.path)
    path = re.sub(r"\(\?P<\w+>\.\*\)", "nowhere", path)
    path = re.sub(r"<[^>]*>", "1", path)
    return "/" + path.replace("^", "").removesuffix("$")


def allowed(route: Route) -> set[int]:
    """What the route may answer."""
    found = (told for start, told in WITHOUT_COOKIES.items() if str(route).startswith(start))
    return next(found, {403})


@pytest.mark.parametrize("door", DOORS)
def test_every_address_refuses_a_form_without_its_token(
    door: str, cleo: User, settings: Any
) -> None:
    settings.ROOT_URLCONF = f"chatplatform.urls.{door}"
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    cleo.is_staff = cleo.is_superuser = True  # whatever a form might do, she may
    cleo.save()
    browser.force_login(cleo)
    wrong = []
    for route in PAGES:
        if route.door != door:
            continue
        path = address_of(route)
        assert resolve(path).route in (route.path.replace("/^(", "/("), CLOSED), (
            f"{path} leads elsewhere"
        )
        status = browser.post(path, {"x": "y"}).status_code
        if status not in allowed(route):
            wrong.append(f"{route} as {path}: {status}")
    assert wrong == []


def test_a_cookie_alone_is_nobody_where_no_token_is_asked_for(cleo: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cleo)
    answer = browser.get("/_allauth/app/v1/auth/session")
    assert answer.status_code == 401
    assert not answer.json()["meta"]["is_authenticated"]
