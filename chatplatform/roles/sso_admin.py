"""Single sign-on, with the first role under its name for people."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import SsoConnection
from chatplatform.accounts.single_sign_on.admin import SsoConnectionAdmin
from chatplatform.kernel.admin import own_tenant


class RoleField(forms.ModelChoiceField[Group]):
    """Groups under the names of their roles."""

    def label_from_instance(self, group: Group) -> str:
        return str(group.role)


@admin.register(SsoConnection)
class ConnectionAdmin(SsoConnectionAdmin):
    list_display = ("domain", "issuer", "first_role", "is_enabled")
    list_select_related = ("tenant", "default_role__role")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = super().get_fields(request, obj)
        return [self._shown(name, request) for name in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return tuple(self._shown(name, request) for name in fields)

    def _shown(self, name: str, request: HttpRequest) -> str:
        return "first_role" if name == "default_role" and own_tenant(request) else name

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "default_role":
            groups = Group.objects.filter(role__isnull=False).select_related("role")
            kwargs.update(form_class=RoleField, queryset=groups.order_by("role__name"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("first role"))
    def first_role(self, connection: SsoConnection) -> str:
        return str(connection.default_role.role)
