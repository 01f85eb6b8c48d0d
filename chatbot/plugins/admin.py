from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from chatbot.plugins.models import PluginReport
from chatplatform.kernel.admin import ModelAdmin, OperatorsOnly, ReadOnly


@admin.register(PluginReport)
class PluginReportAdmin(ReadOnly, OperatorsOnly, ModelAdmin):
    """What is installed and how it fares; installing is the operator's, by pip."""

    empty_hint = _("No plugin is installed.")
    list_display = (
        "name", "origin", "calls", "failed", "abandoned", "missed", "is_off", "last_error",
        "last_error_at", "seen_at",
    )  # fmt: skip
    list_filter = ("is_off",)
    search_fields = ("name", "origin", "last_error")
    date_hierarchy = "seen_at"
