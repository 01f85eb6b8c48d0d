"""The API's description of itself: OpenAPI 3.1, and a page to read and try it."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.module_loading import import_string
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.kernel.problems import CONTENT_TYPE

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is for programs, `title` and `detail` for people.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}
_ERROR_RESPONSE = {
    "description": "What went wrong.",
    "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_STREAM_PARAMETERS = [
    ("last", "query", "Position to resume after, as in an answer's `position`."),
    ("Last-Event-ID", "header", "The same, sent by browsers themselves; wins over `last`."),
    ("token", "query", "The bearer token, where headers can't be set."),
]


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1 of this door; JSON unless YAML is asked for (`?format=yaml`)."""

    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer2,
        OpenApiYamlRenderer,
    ]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.urlconf = getattr(request, "urlconf", settings.ROOT_URLCONF)
        response: Response = self._get_schema_response(request)  # type: ignore[no-untyped-call]
        return response


def docs_page(request: HttpRequest) -> HttpResponse:
    """The description as a page in which calls can be tried; everything it loads is ours."""
    return render(request, "docs/api.html")


def add_streams_and_problems(
    result: dict[str, Any], generator: SchemaGenerator, request: Any, public: bool
) -> dict[str, Any]:
    """Postprocessing hook: what the generator can't see.

    Event streams are served beside Django; a URLconf names them in `streams`.
    """
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", _ERROR_RESPONSE)
    for pattern in _streams(generator.urlconf):
        path = "/" + _PARAMETER.sub(r"{\1}", str(pattern.pattern))
        result["paths"][path] = {"get": _stream_operation(path)}
    result["paths"] = dict(sorted(result["paths"].items()))
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    return result


def _streams(urlconf: str | None) -> list[URLPattern]:
    try:
        streams: list[URLPattern] = import_string(f"{urlconf}.streams")
    except ImportError:
        return []
    return streams


def _stream_operation(path: str) -> dict[str, Any]:
    in_path = [(name, "path", "") for name in re.findall(r"{(\w+)}", path)]
    return {
        "operationId": "stream_" + re.sub(r"\W+", "_", path.removeprefix("/api/v1/")).strip("_"),
        "tags": ["streams"],
        "summary": "Server-sent events, until the caller hangs up.",
        "description": "Each block: `id: epoch-offset`, `event: <type>`, `data: {type, payload, "
        "timestamp, source}`. After `event: reset`, fetch the state again.",
        "parameters": [
            {
                "name": name,
                "in": where,
                "description": text,
                "required": where == "path",
                "schema": {"type": "string"},
            }
            for name, where, text in [*in_path, *_STREAM_PARAMETERS]
        ],
        "responses": {
            "200": {
                "description": "The stream.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            "default": _ERROR_RESPONSE,
        },
    }
