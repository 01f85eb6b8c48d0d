"""`/api/v1/audit`: history for programs, such as a company's own security monitoring."""

from typing import cast

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.kernel.http import read_query
from chatplatform.kernel.pagination import CursorPages
from workbench.audit.shapes import AuditOut, AuditQuery, entry_out
from workbench.desk.doors import tenant_of

_FILTERS = [
    OpenApiParameter("action", str, description="Such as `conversation.accept`."),
    OpenApiParameter("actor_kind", str, description="customer, ai, agent, system or user."),
    OpenApiParameter("actor", str, description="The actor's id."),
    OpenApiParameter("target_type", str, description="Such as `conversation`."),
    OpenApiParameter("target", str, description="The target's id."),
    OpenApiParameter("from", str, description="ISO 8601 with its zone; this moment is included."),
    OpenApiParameter("to", str, description="ISO 8601 with its zone; this moment is not."),
    OpenApiParameter("limit", int, description="Lines a page, 1 to 100."),
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
]


class AuditView(AgentAPIView):
    @extend_schema(
        operation_id="list_audit", parameters=_FILTERS, responses=AuditOut, tags=["audit"]
    )
    def get(self, request: Request) -> Response:
        """Who did what in the caller's company, newest first."""
        user = cast(User, request.user)
        tenant_of(user)
        if not user.has_perm("audit.view_auditentry"):
            raise PermissionRefused
        found = _narrowed(AuditEntry.objects.visible_to(user), read_query(request, AuditQuery))
        pages = CursorPages()
        page = pages.paginate_queryset(found.order_by("-id"), request, self) or []
        answer = AuditOut(
            results=[entry_out(entry) for entry in page],
            next=pages.get_next_link(),
            previous=pages.get_previous_link(),
        )
        return Response(answer.model_dump(mode="json"))


def _narrowed(lines: QuerySet[AuditEntry], query: AuditQuery) -> QuerySet[AuditEntry]:
    wanted = {
        "action": query.action,
        "actor_kind": query.actor_kind,
        "actor_id": query.actor,
        "target_type": query.target_type,
        "target_id": query.target,
        "at__gte": query.since,
        "at__lt": query.until,
    }
    return lines.filter(Q(**{name: value for name, value in wanted.items() if value}))
