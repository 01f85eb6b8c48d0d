"""The agents' door, and endpoints that show who is there and what she can see."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.audit.models import AuditEntry
from chatplatform.urls.workbench import handler400, handler403, handler404, handler500
from chatplatform.urls.workbench import urlpatterns as door

PEOPLE_SIGN_IN = True

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def sight(user: Any) -> dict[str, Any]:
    rows = AuditEntry.objects.values_list("target_id", flat=True)
    return {"user": user.username, "language": get_language(), "sees": sorted(rows)}


class SightView(AgentAPIView):
    def get(self, request: Request) -> Response:
        return Response(sight(request.user))

    post = get


def sight_page(request: HttpRequest) -> JsonResponse:
    return JsonResponse(sight(request.user))


urlpatterns = [
    path("api/v1/sight", SightView.as_view()),
    path("sight", sight_page),
    *door,
]
