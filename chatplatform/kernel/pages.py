"""Error pages for people in a browser."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django_stubs_ext import StrOrPromise

from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.requests import current_request_id


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(404)


@csrf_exempt
def nothing_here(request: HttpRequest, **_: str) -> HttpResponse:
    """The last route of each door: a wrong address gets our page, in development too."""
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or old; Django's CSRF_FAILURE_VIEW."""
    return _page(403, template="errors/form_expired.html")


def refusal(request: HttpRequest, error: ApplicationError) -> HttpResponse:
    """The page for an error raised by a service."""
    return _page(error.status, template="errors/error.html", title=error.title, detail=error.detail)


def _page(status: int, *, template: str = "", **context: StrOrPromise) -> HttpResponse:
    # Without the request no context processor runs: a broken database still gets its page.
    page = render_to_string(
        template or f"errors/{status}.html",
        {
            **context,
            "status": status,
            "request_id": current_request_id(),
        },
    )
    return HttpResponse(page, status=status)
