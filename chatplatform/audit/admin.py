from django.contrib import admin
from unfold.admin import ModelAdmin

from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.admin import ReadOnly, TenantListed


@admin.register(AuditEntry)
class AuditEntryAdmin(TenantListed, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = ("at", "actor_label", "actor_kind", "action", "target_id", "request_id")
    list_filter = ("actor_kind", "action", "at")
    list_select_related = ("tenant",)
    search_fields = ("actor_label", "actor_id", "action", "target_id", "request_id")
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False  # history grows for years
