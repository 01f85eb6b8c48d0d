"""Every error of the API as one document: RFC 9457 problem+json.

    {"type", "title", "status", "detail", "code", "request_id", ...extra, "errors": [...]?}

`code` is stable and meant for programs; `title` and `detail` are in the reader's language.
"""

import json
import math
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from rest_framework import exceptions as drf
from rest_framework.utils.encoders import JSONEncoder

from chatplatform.kernel import errors
from chatplatform.kernel.requests import current_request_id

CONTENT_TYPE = "application/problem+json"
_LIBRARY_PREFIX = "/_allauth/"
_API_PREFIXES = ("/api/", _LIBRARY_PREFIX)

BY_STATUS: dict[int, tuple[str, StrOrPromise]] = {
    400: ("bad_request", _("We can't understand this request.")),
    **{
        kind.status: (kind.code, kind.title)
        for kind in (
            errors.NotAuthenticated,
            errors.PermissionRefused,
            errors.NotFound,
            errors.Conflict,
            errors.TooLarge,
            errors.TooManyRequests,
            errors.Unavailable,
        )
    },
    405: ("method_not_allowed", _("This address does not take that method.")),
    406: ("not_acceptable", _("We have no answer in a format you accept.")),
    415: ("unsupported_media_type", _("The body must be JSON.")),
    500: ("server_error", _("Something went wrong on our side.")),
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, before it is written; `extra` members join the document's own."""

    status: int
    code: str
    title: StrOrPromise
    detail: StrOrPromise
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_status(cls, status: int, detail: StrOrPromise = "", **extra: Any) -> "Problem":
        """The plain problem of an HTTP status."""
        code, title = BY_STATUS.get(status) or BY_STATUS[500 if status >= 500 else 400]
        return cls(status, code, title, detail or title, extra)

    def document(self) -> dict[str, Any]:
        """The problem as RFC 9457 members, in the active language."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": current_request_id(),
            **self.extra,
        }


def problem_of(error: Exception) -> Problem | None:
    """The problem an exception stands for, or None if nobody meant to raise it."""
    match error:
        case errors.ApplicationError():
            return Problem(
                error.status,
                error.code,
                error.title,
                error.detail,
                error.extra,
                _headers_of(error),
            )
        case drf.APIException():
            return _problem_of_drf(error)
        case Http404():
            return Problem.of_status(404)
        case PermissionDenied():
            return Problem.of_status(403)
        case RequestDataTooBig():
            return Problem.of_status(413)
        case SuspiciousOperation():
            return Problem.of_status(400)
    return None


def respond(problem: Problem) -> HttpResponse:
    """The problem as an HTTP response."""
    text = json.dumps(problem.document(), cls=JSONEncoder, ensure_ascii=False)
    # A lone surrogate quoted from the input becomes the JSON escape \udXXX.
    body = text.encode("utf-8", "backslashreplace")
    headers = {"Content-Length": str(len(body)), **problem.headers}
    return HttpResponse(body, status=problem.status, content_type=CONTENT_TYPE, headers=headers)


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's handler. Unmeant errors go on to Django: logged there, rendered as 500."""
    problem = problem_of(error)
    return respond(problem) if problem else None


def speaks_problems(request: HttpRequest) -> bool:
    """Whether whoever calls this address reads problem+json rather than pages."""
    return request.path_info.startswith(_API_PREFIXES)


def is_library_call(request: HttpRequest) -> bool:
    """Whether allauth reads the body of this call, and not we."""
    return request.path_info.startswith(_LIBRARY_PREFIX)


def _headers_of(error: errors.ApplicationError) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if "retry_after" in error.extra:  # seconds
        headers["Retry-After"] = str(error.extra["retry_after"])
    return headers


def _problem_of_drf(error: drf.APIException) -> Problem:
    problem = Problem.of_status(error.status_code, **_field_errors(error))
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    detail = problem.detail if problem.extra else str(error.detail)
    return Problem(problem.status, problem.code, problem.title, detail, problem.extra, headers)


def _field_errors(error: drf.APIException) -> dict[str, Any]:
    if not isinstance(error, drf.ValidationError):
        return {}
    detail = error.detail if isinstance(error.detail, dict) else {"": error.detail}
    return {
        "errors": [
            {"field": name, "code": getattr(fault, "code", "invalid"), "message": str(fault)}
            for name, faults in detail.items()
            for fault in (faults if isinstance(faults, list) else [faults])
        ]
    }
