from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chatplatform.configuration import services
from chatplatform.configuration.forms import SettingsForm
from chatplatform.configuration.models import Setting
from chatplatform.configuration.registry import (
    RuntimeSettings,
    UnknownGroup,
    group_named,
    groups,
    shown,
)
from chatplatform.configuration.selectors import Entry, entries
from chatplatform.configuration.wording import worded
from chatplatform.kernel.admin import ModelAdmin, own_tenant
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.tenants.models import Tenant


@dataclass(frozen=True)
class Row:
    """One setting on its page: its inputs, and where what holds comes from."""

    entry: Entry
    inputs: list[Any]
    default: str
    installation: str | None
    own: str | None
    may_reset: bool


@admin.register(Setting)
class SettingAdmin(ModelAdmin):
    """A page per group. Operators set what holds for the installation and for any tenant, a
    tenant's administrator what is his company's to choose."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.group_view)
        pages = [path("group/<str:name>/", page, name="configuration_setting_group")]
        return [*pages, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404  # a single row is nobody's business

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self._admit(request)
        return self._page(
            request,
            "groups",
            title=_("Settings"),
            groups=[group for group in groups() if _keys(group, own_tenant(request))],
        )

    def group_view(self, request: HttpRequest, name: str) -> HttpResponse:
        self._admit(request)
        tenant = _chosen_tenant(request)
        group = _group(name, tenant)
        keys = _keys(group, tenant)
        found = [entry for entry in entries(group, tenant) if entry.key in keys]
        form = SettingsForm(group, found, request.POST or None)
        if request.method == "POST" and _changed(request, group, form, tenant):
            return redirect(_address(name, tenant))
        may_change = self.has_change_permission(request)
        return self._page(
            request,
            "group",
            title=group.title,
            group=group,
            form=form,
            rows=[_row(group, entry, form, tenant) for entry in found],
            tenant=tenant,
            tenants=[] if own_tenant(request) else list(Tenant.objects.order_by("name")),
            may_change=may_change,
        )

    def _admit(self, request: HttpRequest) -> None:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name
        site = self.admin_site.each_context(request)
        context = {**site, "opts": self.opts, "model_admin": self, **context}
        return TemplateResponse(request, f"configuration/{name}.html", context)


def _chosen_tenant(request: HttpRequest) -> Tenant | None:
    """Whose settings the page is about: one's own company's, or the one an operator names."""
    bound_to: Tenant | None = own_tenant(request)
    slug = request.GET.get("tenant", "")
    if bound_to is not None or not slug or isinstance(request.user, AnonymousUser):
        return bound_to
    chosen = Tenant.objects.filter(slug=slug).first() if "\0" not in slug else None
    if chosen is None:
        raise Http404
    return chosen


def _group(name: str, tenant: Tenant | None) -> type[RuntimeSettings]:
    try:
        group = group_named(name)
    except UnknownGroup:
        raise Http404 from None
    if not _keys(group, tenant):
        raise Http404
    return group


def _keys(group: type[RuntimeSettings], tenant: Tenant | None) -> list[str]:
    return [key for key in group.model_fields if tenant is None or shown(group, key).by_tenant]


def _row(
    group: type[RuntimeSettings], entry: Entry, form: SettingsForm, tenant: Tenant | None
) -> Row:
    def words(row: Setting | None) -> str | None:
        return None if row is None else worded(entry.shown, row.value)

    return Row(
        entry,
        form.fields_of(entry.key),
        default=worded(entry.shown, entry.default),
        installation=words(entry.installation),
        own=words(entry.own),
        may_reset=(entry.own if tenant else entry.installation) is not None,
    )


def _changed(
    request: HttpRequest, group: type[RuntimeSettings], form: SettingsForm, tenant: Tenant | None
) -> bool:
    """Carry out what was posted; False if the page is to show what is wrong with it."""
    key = request.POST.get("reset")
    if key is None and not form.is_valid():
        return False
    values = form.values() if key is None else {key: None}
    try:
        services.change(group=group, values=values, by=request.user, tenant=tenant)
    except PermissionRefused as refusal:
        raise PermissionDenied(str(refusal.detail)) from None
    except InvalidInput as refusal:
        form.is_valid()
        form.refuse(refusal.extra["errors"])
        return False
    messages.success(request, _("Saved. It holds everywhere within a few seconds."))
    return True


def _address(name: str, tenant: Tenant | None) -> str:
    query = f"?{urlencode({'tenant': tenant.slug})}" if tenant else ""
    return reverse("admin:configuration_setting_group", args=[name]) + query
