from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from chatplatform.accounts.models import User
from chatplatform.accounts.services import save_connection
from chatplatform.accounts.single_sign_on.connections import SsoConnection
from chatplatform.kernel.admin import ModelAdmin, TenantListed, own_tenant


class SsoConnectionForm(forms.ModelForm[SsoConnection]):
    """The secret goes in and never comes out; left empty, it stays as it was."""

    client_secret = forms.CharField(
        label=SsoConnection._meta.get_field("client_secret").verbose_name,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = SsoConnection
        fields = (
            "tenant",
            "domain",
            "issuer",
            "client_id",
            "client_secret",
            "default_role",
            "is_enabled",
        )

    def clean_client_secret(self) -> str:
        return self.cleaned_data["client_secret"] or self.instance.client_secret


class SsoConnectionAdmin(TenantListed, ModelAdmin):
    """Operators make connections, for whose domain it is they alone can know; a tenant's
    administrator keeps his company's going. Registered where roles have names (roles)."""

    form = SsoConnectionForm
    list_display = ("domain", "issuer", "default_role", "is_enabled")
    list_filter = ("is_enabled",)
    list_select_related = ("tenant", "default_role")
    search_fields = ("domain", "issuer")
    date_hierarchy = "created_at"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        decided = ("tenant", "domain", "issuer", "default_role") if own_tenant(request) else ()
        return (*decided, "callback_address")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not own_tenant(request) and bool(super().has_add_permission(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its people could not sign in any more: switch it off instead

    def save_model(self, request: HttpRequest, obj: SsoConnection, form: Any, change: bool) -> None:
        save_connection(connection=obj, by=cast(User, request.user), changed=form.changed_data)

    @admin.display(description=_("callback address"))
    def callback_address(self, connection: SsoConnection) -> str:
        """What the provider has to be told."""
        path = reverse("openid_connect_callback", kwargs={"provider_id": connection.name})
        return f"{settings.WORKBENCH_URL}{path}"
