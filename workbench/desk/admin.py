from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from workbench.desk.models import ReadMark


@admin.register(ReadMark)
class ReadMarkAdmin(ModelAdmin):  # type: ignore[misc] # unfold is untyped
    """How far agents have read: to look at, not to change."""

    list_display = ("agent", "conversation", "last_message_id", "updated_at")
    list_filter = (("agent", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("agent", "conversation")
    search_fields = ("conversation__name", "agent__username")
    date_hierarchy = "updated_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
