from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from chatbot.plugins.models import PluginReport
from chatplatform.kernel.admin import ModelAdmin, OperatorsOnly, ReadOnly


@admin.register(PluginReport)
class PluginReportAdmin(ReadOnly, OperatorsOnly, ModelAdmin):
    """What is installed and how it fares; installing is the operator's, by pip."""

    empty_hint = _("No plugin is installed.")
    list_display = (
        "name", "origin", "state", "calls", "failed", "abandoned", "missed", "last_error",
        "last_error_at", "seen_at",
    )  # fmt: skip
    fields = readonly_fields = list_display
    list_filter = ("is_off",)
    search_fields = ("name", "origin", "last_error")
    date_hierarchy = "seen_at"

    @admin.display(description=_("state"), ordering="is_off")
    def state(self, plugin: PluginReport) -> StrOrPromise:
        return _("switched off") if plugin.is_off else _("in use")
