"""What our admin pages share. Tenancy beats every permission, a superuser's included."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django_stubs_ext import StrOrPromise
from unfold import admin as unfold

from chatplatform.kernel.visibility import keep_visible, visible


def own_tenant(request: HttpRequest) -> Any | None:
    """The tenant the signed-in user is bound to; None for an operator of the installation."""
    return getattr(request.user, "tenant", None)


def shown_json(value: object) -> str:
    """A JSON field to look at; the theme's own display escapes every letter that is not Latin."""
    if not value:
        return "-"
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="readable">{}</pre>', text)


class ModelAdmin(unfold.ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """The base of every admin page: a row that the reader may not see is not there (404).

    `empty_hint` is what an empty list says of itself: what would stand there, or what to do.
    """

    empty_hint: StrOrPromise = ""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model:
        row: Model | None = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404
        return row


class ReadOnly:
    """Mixin: history and running state are looked at; only services change them."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class TenantListed:
    """Mixin: whoever sees several tenants sees which one, and can choose one."""

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        columns: Sequence[Any] = super().get_list_display(request)  # type: ignore[misc]
        return columns if own_tenant(request) else [*columns, "tenant"]

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        filters: Sequence[Any] = super().get_list_filter(request)  # type: ignore[misc]
        return filters if own_tenant(request) else [*filters, "tenant"]


class VisibleRows:
    """Mixin: people see here what they see elsewhere, and put nothing where they don't see it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return visible(rows, request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The last step of a change, in its transaction."""
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        keep_visible(form.instance, request.user)


class OperatorsOnly:
    """Mixin: what belongs to the installation, whatever a tenant's people may otherwise."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return not own_tenant(request) and bool(super().has_module_permission(request))  # type: ignore[misc]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not own_tenant(request) and bool(super().has_view_permission(request, obj))  # type: ignore[misc]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not own_tenant(request) and bool(super().has_add_permission(request))  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not own_tenant(request) and bool(super().has_change_permission(request, obj))  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not own_tenant(request) and bool(super().has_delete_permission(request, obj))  # type: ignore[misc]
