from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from chatbot.knowledge.embedders.models import Progress
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows


@admin.register(Progress)
class ProgressAdmin(TenantListed, VisibleRows, ReadOnly, ModelAdmin):
    list_display = ("model", "state", "embedded", "error", "updated_at")
    list_filter = ("model",)
    search_fields = ("model", "error")
    list_select_related = ("tenant",)
    date_hierarchy = "updated_at"
    fields = ("model", "state", "embedded", "error", "worker", "lease_until", "updated_at")
    readonly_fields = fields

    @admin.display(description=_("state"))
    def state(self, progress: Progress) -> StrOrPromise:
        if progress.error:
            return _("failed, tried again soon")
        if progress.lease_until:
            return _("being embedded")
        return _("up to date") if progress.done == progress.total else _("waiting")

    @admin.display(description=_("embedded"))
    def embedded(self, progress: Progress) -> str:
        share = progress.done * 100 // progress.total if progress.total else 100
        return f"{progress.done} / {progress.total} ({share} %)"
