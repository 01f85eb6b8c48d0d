from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.admin import ModelAdmin, OperatorsOnly
from chatplatform.tenants import services
from chatplatform.tenants.admin.actors import actor_of
from chatplatform.tenants.admin.limits import LIMIT_FIELDS, PLAN_HELP, LimitsForm
from chatplatform.tenants.models import Plan


@admin.register(Plan)
class PlanAdmin(OperatorsOnly, ModelAdmin):
    """Plans belong to the installation: its operators decide what they allow."""

    form = LimitsForm
    list_display = ("name", "code", "tenants")
    search_fields = ("name", "code")
    fieldsets = (
        (None, {"fields": ("code", "name")}),
        (_("Limits"), {"fields": tuple(LIMIT_FIELDS.values()), "description": PLAN_HELP}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        plans: QuerySet[Plan] = super().get_queryset(request)
        return plans.annotate(tenant_count=Count("tenants"))

    def get_readonly_fields(self, request: HttpRequest, obj: Plan | None = None) -> list[str]:
        return ["code"] if obj else []  # callers know it by that

    def save_model(self, request: HttpRequest, obj: Plan, form: Any, change: bool) -> None:
        services.save_plan(plan=obj, actor=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: Plan) -> None:
        services.delete_plan(plan=obj, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Plan]) -> None:
        for plan in queryset:
            self.delete_model(request, plan)

    @admin.display(description=_("tenants"), ordering="tenant_count")
    def tenants(self, plan: Plan) -> int:
        return int(plan.tenant_count)  # type: ignore[attr-defined]  # annotated above
