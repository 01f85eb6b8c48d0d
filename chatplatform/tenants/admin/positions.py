from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.admin import ModelAdmin, TenantListed, own_tenant
from chatplatform.tenants import services
from chatplatform.tenants.admin.actors import actor_of
from chatplatform.tenants.models import Position, Tenant


class PositionForm(forms.ModelForm[Position]):
    whose: ClassVar[Tenant | None] = None  # the tenant of whoever fills it in, if she has one

    def clean_code(self) -> str:
        """A constraint is checked only if all its fields are in the form; the tenant may not be."""
        code: str = self.cleaned_data["code"]
        if self.whose and Position.objects.filter(tenant=self.whose, code=code).exists():
            raise forms.ValidationError(_("There is a position with this code."))
        return code


@admin.register(Position)
class PositionAdmin(TenantListed, ModelAdmin):
    form = PositionForm
    list_display = ("name", "code", "rank")
    list_select_related = ("tenant",)
    search_fields = ("name", "code")

    def get_fields(self, request: HttpRequest, obj: Position | None = None) -> list[str]:
        """Who belongs to no tenant says whose a new position is; others make their own."""
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        return [*whose, "code", "name", "rank"]

    def get_readonly_fields(self, request: HttpRequest, obj: Position | None = None) -> list[str]:
        return ["code"] if obj else []  # callers know it by that

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[PositionForm]:
        form: type[PositionForm] = super().get_form(request, *args, **kwargs)
        form.whose = own_tenant(request)
        return form

    def save_model(self, request: HttpRequest, obj: Position, form: Any, change: bool) -> None:
        obj.tenant = own_tenant(request) or obj.tenant
        services.save_position(position=obj, actor=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: Position) -> None:
        services.delete_position(position=obj, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Position]) -> None:
        for position in queryset:
            self.delete_model(request, position)
