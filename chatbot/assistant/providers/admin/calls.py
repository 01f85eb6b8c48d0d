from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from chatbot.assistant.providers.models import ModelCall, ModelDay
from chatbot.assistant.providers.purposes import CallStatus
from chatbot.assistant.providers.sums import day_sums, totals
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows, own_tenant

PERIODS = (7, 30, 90, 365)
_LABELS = {
    status.value: "success"
    if status is CallStatus.OK
    else "info"
    if status is CallStatus.CANCELLED
    else "danger"
    for status in CallStatus
}


@admin.register(ModelCall)
class ModelCallAdmin(TenantListed, VisibleRows, ReadOnly, ModelAdmin):
    """Every request to a model, and what they took by day and provider."""

    empty_hint = _(
        "Once a model is connected under Model providers, every call stands here with tokens, "
        "cost and times."
    )
    list_display = (
        "created_at",
        "provider_name",
        "model",
        "purpose",
        "result",
        "tokens",
        "price",
        "first_token_ms",
        "total_ms",
    )
    list_filter = ("status", "purpose", "provider_name", "created_at")
    search_fields = ("provider_name", "model", "error", "run__conversation__name")
    date_hierarchy = "created_at"
    list_select_related = ("tenant",)
    list_per_page = 50
    show_full_result_count = False
    list_before_template = "providers/sums_link.html"

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.sums_view)
        return [path("sums/", page, name="providers_modelcall_sums"), *super().get_urls()]

    def sums_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        given = request.GET.get("days", "")
        days = int(given) if given in map(str, PERIODS) else PERIODS[0]
        tenant = own_tenant(request)
        kept = ModelDay.objects.filter(tenant=tenant) if tenant else ModelDay.objects.all()
        sums = day_sums(self.get_queryset(request), kept, days)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What models took"),
            "sums": sums,
            "totals": totals(sums),
            "days": days,
            "periods": PERIODS,
        }
        return TemplateResponse(request, "providers/sums.html", context)

    @display(description=_("result"), ordering="status", label=_LABELS)  # type: ignore[untyped-decorator]
    def result(self, call: ModelCall) -> tuple[str, str]:
        return call.status, call.get_status_display()

    @admin.display(description=_("tokens"), ordering="tokens_out")
    def tokens(self, call: ModelCall) -> str:
        about = "≈ " if call.is_estimated else ""
        return f"{about}{call.tokens_in} + {call.tokens_out}"

    @admin.display(description=_("cost"), ordering="cost")
    def price(self, call: ModelCall) -> str:
        return f"{call.cost.normalize():f} {call.currency}" if call.cost else "–"
