from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldBooleanWidget

from chatbot.assistant.providers import services
from chatbot.assistant.providers.models import Provider
from chatbot.assistant.providers.purposes import CallStatus
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.audit.actors import Actor
from chatplatform.kernel.admin import ModelAdmin, TenantListed, VisibleRows, own_tenant


class ProviderForm(forms.ModelForm[Provider]):
    """The key goes in and never comes out; left empty, it stays as it was."""

    api_key = forms.CharField(
        label=Provider._meta.get_field("api_key").verbose_name,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
        help_text=_("Never shown again. Empty: as it was."),
    )
    forget_key = forms.BooleanField(
        label=_("Forget the key"), required=False, widget=UnfoldBooleanWidget()
    )

    class Meta:
        model = Provider
        fields = (
            "tenant",
            "name",
            "base_url",
            "model",
            "api_key",
            "use",
            "position",
            "is_enabled",
            "can_use_tools",
            "context_window",
            "connect_timeout",
            "first_token_timeout",
            "timeout",
            "input_price",
            "output_price",
            "currency",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kept = "" if cleaned.get("forget_key") else self.instance.api_key
        cleaned["api_key"] = cleaned.get("api_key") or kept
        return cleaned


@admin.register(Provider)
class ProviderAdmin(TenantListed, VisibleRows, ModelAdmin):
    """Models and how they are reached. Companies have their own; those without a tenant are
    everybody's, and their operators' to see."""

    empty_hint = _(
        "No model of your own is connected. Unless the installation offers one, the assistant "
        "quotes the knowledge base; with one it answers in its own words."
    )
    form = ProviderForm
    list_display = ("name", "model", "host", "use", "position", "state", "is_enabled")
    list_filter = ("use", "is_enabled")
    search_fields = ("name", "model", "base_url")
    list_select_related = ("tenant",)
    ordering = ("position", "pk")
    date_hierarchy = "created_at"
    change_form_outer_before_template = "providers/trial_panel.html"

    class Media:
        js = ("providers/trial.js",)

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        whose = ["tenant"] if own_tenant(request) is None else []
        keys = ["api_key", "forget_key"] if obj else ["api_key"]
        limits = ["connect_timeout", "first_token_timeout", "timeout"]
        prices = ["input_price", "output_price", "currency"]
        return [
            (None, {"fields": [*whose, "name", "base_url", "model", *keys]}),
            (_("When it is asked"), {"fields": ["use", "position", "is_enabled"]}),
            (_("What it can do"), {"fields": ["can_use_tools", "context_window"]}),
            (_("Patience"), {"fields": limits}),
            (_("Prices"), {"fields": prices}),
        ]

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.test_view)
        return [
            path("<int:object_id>/test/", page, name="providers_provider_test"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        if tenant := own_tenant(request):
            obj.tenant = tenant
        services.save_provider(provider=obj, actor=_actor(request))

    def delete_model(self, request: HttpRequest, obj: Provider) -> None:
        services.delete_provider(provider=obj, actor=_actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        for provider in queryset:
            self.delete_model(request, provider)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[Any, Any, set[Any], Any]:
        """Its calls stay, so nothing goes along."""
        found, counts, _forbidden, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def test_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """POST begins a test, GET is the panel that shows how it went."""
        provider = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_change_permission(request, provider):
            raise PermissionDenied
        if request.method == "POST":
            services.test_provider(provider=provider, actor=_actor(request))
            return redirect(reverse("admin:providers_provider_change", args=[provider.pk]))
        return render(request, "providers/trial.html", {"original": provider})

    @admin.display(description=_("host"), ordering="base_url")
    def host(self, provider: Provider) -> str:
        return urlsplit(provider.base_url).netloc

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        ordering="trouble",
        label={"well": "success", "trouble": "danger", "unused": "info"},
    )
    def state(self, provider: Provider) -> tuple[str, Any]:
        if not provider.is_enabled:
            return "unused", _("off")
        if provider.trouble:
            return "trouble", CallStatus(provider.trouble).label
        return "well", _("in use")


def _actor(request: HttpRequest) -> Actor:
    return actor_of(cast(User, request.user))
