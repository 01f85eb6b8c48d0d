"""Endpoints that go wrong on purpose."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from pydantic import Field
from rest_framework.decorators import api_view
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.kernel import errors
from chatplatform.kernel.http import FilledText, Input, Text, read_body, read_query

SECRET = "the-database-password"


class Note(Input):
    text: FilledText = Field(max_length=10)
    tags: list[Text] = []
    stars: int = Field(0, ge=0, le=5)


class Window(Input):
    after: int = 0


@api_view(["POST"])
def notes(request: Request) -> Response:
    return Response(read_body(request, Note).model_dump(), status=201)


@api_view(["GET"])
def window(request: Request) -> Response:
    return Response(read_query(request, Window).model_dump())


class Taken(errors.Conflict):
    code = "taken"


RAISED: dict[str, Exception] = {
    "conflict": Taken("Bob has it.", session={"status": "active"}),
    "signed-out": errors.NotAuthenticated(),
    "throttled": Throttled(wait=2.2),
    "serializer": ValidationError({"name": ["too silly"]}),
    "django-404": Http404("row 7 of secret_table"),
    "django-403": PermissionDenied("because of " + SECRET),
    "suspicious": SuspiciousOperation(SECRET),
    "bug": RuntimeError(SECRET),
}


@api_view(["GET"])
def failing(request: Request, kind: str) -> Response:
    raise RAISED[kind]


def failing_page(request: HttpRequest, **_: Any) -> HttpResponse:
    raise RAISED[request.GET["kind"]]


urlpatterns = [
    path("api/v1/notes", notes),
    path("api/v1/window", window),
    path("api/v1/failing/<kind>", failing),
    path("api/v1/plain-django", failing_page),
    path("page", failing_page),
]

handler400 = "chatplatform.kernel.pages.bad_request"
handler403 = "chatplatform.kernel.pages.permission_denied"
handler404 = "chatplatform.kernel.pages.not_found"
handler500 = "chatplatform.kernel.pages.server_error"
