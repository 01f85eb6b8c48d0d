from collections.abc import Callable, Collection
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin

from realtime.models import Event, Log

VisibleLogs = Callable[[HttpRequest], Collection[str] | None]

_rules: list[VisibleLogs] = []


def show_logs(rule: VisibleLogs) -> VisibleLogs:
    """Register who sees which logs here: names, or None for all. Every rule must allow a log."""
    _rules.append(rule)
    return rule


class LookOnly(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """The log is the truth about what happened: nobody edits it."""

    name_path = "name"  # where a row says which log it belongs to

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        for names in (rule(request) for rule in _rules):
            if names is not None:
                rows = rows.filter(**{f"{self.name_path}__in": names})
        return rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """A row that the reader may not see is not there."""
        row = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404
        return row

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Log)
class LogAdmin(LookOnly):
    list_display = ("name", "epoch", "offset", "floor")
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(Event)
class EventAdmin(LookOnly):
    name_path = "log__name"
    list_display = ("created_at", "log", "offset", "type", "channels")
    list_filter = ("type", "created_at", ("log", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("log",)
    search_fields = ("type", "data")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    show_full_result_count = False  # millions, and a count reads them all
