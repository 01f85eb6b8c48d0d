"""`/api/v1/api-keys`: people make and revoke keys; a key itself may not."""

from typing import cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatplatform.accounts.api_keys import selectors, services
from chatplatform.accounts.api_keys.shapes import (
    ApiKeyBody,
    ApiKeysOut,
    MadeApiKeyOut,
    key_out,
)
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.kernel.http import read_body
from chatplatform.kernel.pagination import CursorPages

_TAGS = ["api keys"]


class ApiKeysView(AgentAPIView):
    people_only = True

    @extend_schema(
        operation_id="list_api_keys",
        parameters=[
            OpenApiParameter("limit", int, description="Keys a page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
        ],
        responses=ApiKeysOut,
        tags=_TAGS,
    )
    def get(self, request: Request) -> Response:
        """The caller's keys, newest first; an administrator sees her people's. Never a secret."""
        user = _person(request)
        pages = CursorPages()
        page = pages.paginate_queryset(selectors.keys_of(user), request, self) or []
        answer = ApiKeysOut(
            results=[key_out(key) for key in page],
            next=pages.get_next_link(),
            previous=pages.get_previous_link(),
        )
        return Response(answer.model_dump(mode="json"))

    @extend_schema(
        operation_id="create_api_key",
        request=ApiKeyBody,
        responses={201: MadeApiKeyOut},
        tags=_TAGS,
    )
    def post(self, request: Request) -> Response:
        """Make a key that acts as the caller, within `scopes`. Its `token` is shown only here."""
        user = _person(request)
        body = read_body(request, ApiKeyBody)
        made = services.create_key(
            by=user,
            owner=user,
            name=body.name,
            scopes=body.scopes,
            addresses=body.addresses,
            expires_at=body.expires_at,
        )
        shape = MadeApiKeyOut(**key_out(made.key).model_dump(), token=made.token)
        headers = {"Cache-Control": "no-store"}
        return Response(shape.model_dump(mode="json"), status=201, headers=headers)


class ApiKeyView(AgentAPIView):
    people_only = True

    @extend_schema(
        operation_id="revoke_api_key",
        responses={204: None},
        tags=_TAGS,
    )
    def delete(self, request: Request, prefix: str) -> Response:
        """Revoke a key: calls are refused at once, its streams end within seconds."""
        user = _person(request)
        services.revoke_key(key=selectors.key_to_revoke(user, prefix), by=user)
        return Response(status=204)


def _person(request: Request) -> User:
    user = cast(User, request.user)
    if user.tenant_id is None:
        raise PermissionRefused(_("Keys belong to people of a company."))
    return user
