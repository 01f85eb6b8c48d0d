"""Dictionaries for programs: every language in one answer, and nothing again that is known."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.dictionaries.models import DictionaryItem, DictionaryType
from chatplatform.dictionaries.selectors import dictionaries_of, dictionary, items_of
from chatplatform.kernel.errors import NotAuthenticated
from chatplatform.tenants.models import Tenant
from workbench.administration.answers import answer_unless_known
from workbench.administration.shapes import (
    DictionariesOut,
    DictionaryItemsOut,
    DictionaryOut,
    ItemOut,
)

_TAGS = ["administration"]
_KNOWN = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The `ETag` of an earlier answer."
)


class DictionariesView(AgentAPIView):
    @extend_schema(
        operation_id="list_dictionaries",
        parameters=[_KNOWN],
        responses={200: DictionariesOut, 304: None},
        tags=_TAGS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The dictionaries of the caller's company: its own, and the platform's besides."""
        found = dictionaries_of(_tenant(request))
        return answer_unless_known(request, DictionariesOut(results=[_out(d) for d in found]))


class DictionaryView(AgentAPIView):
    @extend_schema(
        operation_id="get_dictionary",
        parameters=[_KNOWN],
        responses={200: DictionaryItemsOut, 304: None},
        tags=_TAGS,
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """A dictionary with its items in order, those that can't be chosen any more included."""
        found = dictionary(_tenant(request), code)
        items = [_item(item) for item in items_of(found)]
        return answer_unless_known(request, DictionaryItemsOut(**dict(_out(found)), items=items))


def _tenant(request: Request) -> Tenant | None:
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user.tenant


def _out(found: DictionaryType) -> DictionaryOut:
    return DictionaryOut(
        code=found.code,
        name=found.name,
        names=found.names,
        system=found.system,
        own=found.tenant_id is not None,
    )


def _item(item: DictionaryItem) -> ItemOut:
    return ItemOut(
        value=item.value,
        label=item.label,
        labels=item.labels,
        color=item.color,
        default=item.default,
        enabled=item.enabled,
    )
