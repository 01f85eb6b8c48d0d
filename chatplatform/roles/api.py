"""Rights and menus for programs, and for the console."""

from typing import Annotated, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotAuthenticated
from chatplatform.kernel.http import Input, Text, read_query
from chatplatform.roles import menus
from chatplatform.roles.access import access_row, access_user
from chatplatform.roles.explain import explain
from chatplatform.roles.shapes import ExplanationOut, MenuEntryOut, MenuOut, Shape

_TAGS = ["administration"]

Asked = Annotated[Text, Field(min_length=1, max_length=200)]


class ExplainQuery(Input):
    """`user` is a user name or key, `object` "app.model:name-or-key"."""

    user: Asked
    object: Asked
    permission: Asked | None = None


class ExplainView(AgentAPIView):
    @extend_schema(
        operation_id="explain_permissions",
        parameters=[
            OpenApiParameter("user", str, required=True, description="User name or id."),
            OpenApiParameter(
                "object",
                str,
                required=True,
                description="`app.model:name-or-id`, as in `conversations.conversation:...`.",
            ),
            OpenApiParameter("permission", str, description="`app.codename`, to ask for it too."),
        ],
        responses=ExplanationOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """Why a user may see an object, or may not: by which role, reach and limit."""
        by = _caller(request)
        asked = read_query(request, ExplainQuery)
        user = access_user(by=by, known_as=asked.user)
        row = access_row(by=by, known_as=asked.object)
        return _answer(explain(user, row, permission=asked.permission))


class MenuView(AgentAPIView):
    @extend_schema(operation_id="get_my_menu", responses=MenuOut, tags=_TAGS)
    def get(self, request: Request) -> Response:
        """Where the caller may go, as her tenant has arranged it."""
        entries = menus.menu_of(_caller(request))
        shown = [
            MenuEntryOut(key=entry.key, title=str(entry.title), url=entry.url, icon=entry.icon)
            for entry in entries
        ]
        return _answer(MenuOut(results=shown))


def _caller(request: Request) -> User:
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def _answer(shape: Shape) -> Response:
    body: dict[str, Any] = shape.model_dump(mode="json")
    return Response(body)
