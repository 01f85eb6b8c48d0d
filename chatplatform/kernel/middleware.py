"""What surrounds every request: its id, its one log line, and the shape of its errors."""

import logging
import re
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django_structlog.middlewares import RequestMiddleware as StructlogRequestMiddleware

from chatplatform.kernel import pages
from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.health import is_probe
from chatplatform.kernel.problems import (
    Problem,
    is_library_call,
    problem_of,
    respond,
    speaks_problems,
)
from chatplatform.kernel.requests import client_address, current_request_id

# What a library's JSON reader makes of 10,000 brackets, and its forms of half a character.
_UNREADABLE = (RecursionError, UnicodeEncodeError)
_SANE_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


class RequestMiddleware(StructlogRequestMiddleware):
    """One log line a request, and an X-Request-ID that a proxy may have chosen."""

    def prepare(self, request: HttpRequest) -> None:
        structlog.contextvars.clear_contextvars()
        if not _SANE_ID.fullmatch(request.META.get("HTTP_X_REQUEST_ID", "")):
            request.META.pop("HTTP_X_REQUEST_ID", None)
        structlog.contextvars.bind_contextvars(client_address=client_address(request))
        super().prepare(request)

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """Not the library's guess: it believes any X-Forwarded-For."""

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers["X-Request-ID"] = current_request_id()
        if is_probe(request) and response.status_code < 400:
            structlog.contextvars.clear_contextvars()  # every few seconds, and of no interest
            return
        super().handle_response(request, response)

    def _log_level_for_status_code(self, status_code: int) -> int:
        return logging.ERROR if status_code >= 500 else logging.INFO


class ProblemsMiddleware:
    """Whatever refuses an API call, be it another middleware, the caller reads problem+json."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code >= 400 and speaks_problems(request) and _is_page(response):
            return _instead_of(response)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if speaks_problems(request):
            if isinstance(exception, _UNREADABLE) and is_library_call(request):
                return respond(Problem.of_status(400))
            problem = problem_of(exception)
            return respond(problem) if problem else None
        if isinstance(exception, ApplicationError):
            return pages.refusal(request, exception)
        return None


def _instead_of(page: HttpResponseBase) -> HttpResponseBase:
    problem = respond(Problem.of_status(page.status_code))
    for name, value in page.headers.items():  # Allow, Vary, Content-Language, ...
        if name not in ("Content-Type", "Content-Length"):
            problem.headers.setdefault(name, value)
    return problem


def _is_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith(("text/html", "text/plain"))
