from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.admin import ModelAdmin, own_tenant
from chatplatform.tenants import quotas, services
from chatplatform.tenants.admin.actors import actor_of
from chatplatform.tenants.admin.limits import LIMIT_FIELDS, OWN_HELP, LimitsForm
from chatplatform.tenants.admin.origins import AllowedOriginInline
from chatplatform.tenants.models import Tenant


@admin.register(Tenant)
class TenantAdmin(ModelAdmin):
    """Operators make, renew and suspend tenants; an administrator edits what is hers to decide."""

    list_display = ("name", "slug", "status", "plan", "expires_at", "default_language")
    list_filter = ("status", "plan", "default_language")
    list_select_related = ("plan",)
    search_fields = ("name", "slug")
    date_hierarchy = "created_at"
    actions = ("count_again",)

    _own = ("slug", "name", "default_language", "wait_timeout", "idle_timeout")
    _contract = ("status", "expires_at", "plan")  # the operators'

    def get_fieldsets(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        own, contract = (None, {"fields": self._own}), (_("Plan"), {"fields": self._contract})
        if own_tenant(request):
            return (own, contract)
        limits = {"fields": tuple(LIMIT_FIELDS.values()), "description": OWN_HELP}
        return (own, contract, (_("Own limits"), limits))

    def get_form(
        self, request: HttpRequest, obj: Tenant | None = None, **kwargs: Any
    ) -> type[forms.ModelForm[Tenant]]:
        # a form's own fields are there whether or not a page shows them
        if not own_tenant(request):
            kwargs["form"] = LimitsForm
        form: type[forms.ModelForm[Tenant]] = super().get_form(request, obj, **kwargs)
        return form

    def get_inlines(
        self, request: HttpRequest, obj: Tenant | None
    ) -> tuple[type[AllowedOriginInline], ...]:
        return (AllowedOriginInline,) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        tenants: QuerySet[Tenant] = super().get_queryset(request)
        bound_to = own_tenant(request)
        return tenants.filter(pk=bound_to.pk) if bound_to else tenants

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> list[str]:
        named = ["slug"] if obj else []  # addresses and the event log carry it
        return [*named, *self._contract] if own_tenant(request) else named

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not own_tenant(request) and bool(super().has_add_permission(request))

    def has_delete_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return False  # every row of the tenant would go with it: suspend it instead

    def has_count_permission(self, request: HttpRequest) -> bool:
        """Asked for the action `count_again`."""
        return not own_tenant(request) and bool(super().has_change_permission(request))

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        services.save_tenant(tenant=obj, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The origins: rows are added and removed, never rewritten."""
        tenant, actor = form.instance, actor_of(request)
        added = formset.save(commit=False)
        for origin in formset.deleted_objects:
            services.forbid_origin(tenant=tenant, origin=origin.origin, actor=actor)
        for origin in added:
            services.allow_origin(tenant=tenant, origin=origin.origin, actor=actor)

    @admin.action(description=_("Count what is used again"), permissions=["count"])
    def count_again(self, request: HttpRequest, queryset: QuerySet[Tenant]) -> None:
        for tenant in queryset:
            quotas.count_again(tenant=tenant)
        messages.success(request, _("Counted."))
