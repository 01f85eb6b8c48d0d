"""Prometheus' page of numbers, for whoever knows METRICS_TOKEN if one is set."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from chatplatform.kernel.problems import Problem, respond


@require_safe
def metrics(request: HttpRequest) -> HttpResponseBase:
    """What this process counted; 401 without the bearer token that is asked for."""
    if settings.METRICS_TOKEN and not _knows_the_token(request):
        problem = Problem.of_status(401)
        problem.headers["WWW-Authenticate"] = "Bearer"
        return respond(problem)
    numbers: HttpResponseBase = ExportToDjangoView(request)
    return numbers


def _knows_the_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
