from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from chatplatform.kernel import pages
from chatplatform.kernel.errors import TooManyRequests
from chatplatform.kernel.health import is_probe
from chatplatform.kernel.problems import problem_of, respond, speaks_problems
from chatplatform.protection import throttling


class ThrottleMiddleware:
    """Turns an address away that asks too often, before anything is done for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_probe(request):
            return self.get_response(request)
        try:
            throttling.spend(throttling.Rule.REQUESTS, throttling.caller(request))
        except TooManyRequests as error:
            return _turned_away(request, error)
        return self.get_response(request)


def _turned_away(request: HttpRequest, error: TooManyRequests) -> HttpResponseBase:
    problem = problem_of(error)
    if problem and speaks_problems(request):
        return respond(problem)
    page = pages.refusal(request, error)
    page.headers["Retry-After"] = str(error.extra["retry_after"])
    return page
