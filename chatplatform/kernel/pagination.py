"""Long lists, page by page."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from chatplatform.kernel.errors import InvalidInput


class CursorPages(CursorPagination):
    """Pages that neither repeat nor skip a row while new ones come; `limit` is 1 to 100."""

    page_size = 30
    max_page_size = 100
    page_size_query_param = "limit"

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> tuple[str, ...]:
        """The list's own order."""
        return tuple(map(str, queryset.query.order_by or queryset.model._meta.ordering))

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except NotFound:
            raise InvalidInput(_("This cursor is not one of ours.")) from None
