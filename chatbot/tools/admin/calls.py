from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from chatbot.tools.choices import CallStatus
from chatbot.tools.models import DemoOrder, ToolCall
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows, shown_json

_COLOURS = {
    CallStatus.OK: "success",
    CallStatus.FAILED: "danger",
    CallStatus.UNCERTAIN: "danger",
    CallStatus.AWAITING_APPROVAL: "warning",
    CallStatus.AWAITING_CONFIRMATION: "warning",
}


@admin.register(ToolCall)
class ToolCallAdmin(TenantListed, VisibleRows, ReadOnly, ModelAdmin):
    """What the assistant did: a history, masked, never edited."""

    empty_hint = _("What the assistant looks up or does with tools stands here, with its result.")
    list_display = ("tool_name", "conversation", "state", "risk", "latency_ms", "created_at")
    list_filter = ("status", "risk", "tool_name", "created_at")
    search_fields = ("tool_name", "title", "conversation__name", "error", "result")
    date_hierarchy = "created_at"
    list_select_related = ("conversation", "tenant")
    list_per_page = 50
    show_full_result_count = False
    fields = (
        ("tool_name", "title"),
        ("conversation", "run"),
        ("status", "risk"),
        "given",
        "result",
        "error",
        ("latency_ms", "attempts"),
        ("decided_at", "decided_by"),
        "reason",
        "idempotency_key",
        ("created_at", "finished_at"),
    )

    @display(description=_("status"), ordering="status", label=_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, call: ToolCall) -> tuple[str, str]:
        return call.status, call.get_status_display()

    @admin.display(description=_("arguments"))
    def given(self, call: ToolCall) -> str:
        return shown_json(call.arguments)


@admin.register(DemoOrder)
class DemoOrderAdmin(TenantListed, VisibleRows, ReadOnly, ModelAdmin):
    """Orders of the demo shop: look here what the demo's tools did."""

    list_display = ("number", "item", "state", "address", "total", "refunded")
    list_filter = ("state",)
    search_fields = ("number", "item", "address")

    @admin.display(description=_("refunded"), boolean=True)
    def refunded(self, order: DemoOrder) -> bool:
        return bool(order.refunded_by)
