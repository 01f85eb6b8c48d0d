from django.contrib import admin

from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows
from workbench.desk.models import ReadMark


@admin.register(ReadMark)
class ReadMarkAdmin(VisibleRows, TenantListed, ReadOnly, ModelAdmin):
    """How far agents have read: to look at, not to change."""

    list_display = ("agent", "conversation", "last_message_id", "updated_at")
    list_filter = (("agent", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("agent", "conversation")
    search_fields = ("conversation__name", "agent__username")
    date_hierarchy = "updated_at"
