from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from chatplatform.kernel.admin import own_tenant
from chatplatform.tenants import services
from chatplatform.tenants.models import Tenant


class TenantForm(forms.ModelForm[Tenant]):
    default_language = forms.ChoiceField(
        label=capfirst(Tenant._meta.get_field("default_language").verbose_name),
        choices=settings.LANGUAGES,
        widget=UnfoldAdminSelectWidget(),
    )

    class Meta:
        model = Tenant
        fields = ("slug", "name", "status", "default_language", "wait_timeout", "idle_timeout")


@admin.register(Tenant)
class TenantAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Operators make and suspend tenants; a tenant's administrator edits what is his to decide."""

    form = TenantForm
    list_display = ("name", "slug", "status", "default_language", "created_at")
    list_filter = ("status", "default_language")
    search_fields = ("name", "slug")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        tenants: QuerySet[Tenant] = super().get_queryset(request)
        bound_to = own_tenant(request)
        return tenants.filter(pk=bound_to.pk) if bound_to else tenants

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> list[str]:
        named = ["slug"] if obj else []  # addresses and the event log carry it
        return [*named, "status"] if own_tenant(request) else named

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not own_tenant(request) and bool(super().has_add_permission(request))

    def has_delete_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return False  # every row of the tenant would go with it: suspend it instead

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        services.save_tenant(tenant=obj, by=request.user, changed=form.changed_data)
