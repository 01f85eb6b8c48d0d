from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise
from unfold.admin import TabularInline
from unfold.decorators import action, display

from chatbot.tools import services
from chatbot.tools.admin.actors import actor
from chatbot.tools.admin.confirming import asked
from chatbot.tools.admin.forms import ServerForm
from chatbot.tools.calling.outcomes import ToolFailed
from chatbot.tools.choices import Health, Kind
from chatbot.tools.models import Tool, ToolServer
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows, own_tenant

_FIELDS = ServerForm.Meta.fields


class ToolInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = Tool
    fields = ("link", "risk", "audience", "enabled", "state")
    readonly_fields = fields
    extra = 0

    @admin.display(description=_("tool"))
    def link(self, tool: Tool) -> str:
        return format_html('<a href="{}">{}</a>', _address(tool), tool.name)

    @admin.display(description=_("state"))
    def state(self, tool: Tool) -> StrOrPromise:
        return state_of(tool)


@admin.register(ToolServer)
class ToolServerAdmin(TenantListed, VisibleRows, ModelAdmin):
    """Where tools come from. Asking a server takes its time, so a worker does it."""

    empty_hint = _(
        "Let the assistant act: add an HTTP API by its OpenAPI document, or the address of an "
        "MCP server."
    )
    form = ServerForm
    list_display = ("name", "kind", "url", "health", "last_check", "tools", "enabled")
    list_filter = ("kind", "status", "enabled")
    search_fields = ("name", "url")
    date_hierarchy = "created_at"
    list_select_related = ("tenant",)
    readonly_fields = ("status", "last_check", "last_error", "created_at", "updated_at")
    actions = ("fetch_all",)
    actions_detail = ("fetch_one",)
    inlines = (ToolInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ToolServer]:
        rows: QuerySet[ToolServer] = super().get_queryset(request)
        return rows.annotate(tool_count=Count("tools"))

    def get_fieldsets(self, request: HttpRequest, obj: ToolServer | None = None) -> Any:
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        shown: list[Any] = [
            (None, {"fields": [*whose, "kind", "name", "enabled", "url", "document"]}),
            (_("authentication"), {"fields": ["auth", "auth_name", "new_secret"]}),
            (_("reliability"), {"fields": ["timeout", "retries"]}),
        ]
        if obj:
            shown.append((_("health"), {"fields": ["status", "last_check", "last_error"]}))
        return shown

    def get_readonly_fields(self, request: HttpRequest, obj: ToolServer | None = None) -> Any:
        return (*self.readonly_fields, *(("kind",) if obj else ()))

    def get_inlines(self, request: HttpRequest, obj: ToolServer | None = None) -> Any:
        return self.inlines if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """With what the form declares, whichever fields the page shows besides."""
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        return super().get_form(request, obj, **{**kwargs, "fields": [*whose, *_FIELDS]})

    def save_model(self, request: HttpRequest, obj: ToolServer, form: Any, change: bool) -> None:
        if not change and (tenant := own_tenant(request)):
            obj.tenant = tenant
        services.save_server(server=obj, actor=actor(request))
        if obj.kind != Kind.MCP:  # its offers are at hand
            self._fetch(request, obj)

    def delete_model(self, request: HttpRequest, obj: ToolServer) -> None:
        services.delete_server(server=obj, actor=actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ToolServer]) -> None:
        for server in queryset:
            self.delete_model(request, server)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[Any, Any, set[Any], Any]:
        """Tools go with their server, though nobody may delete them by hand."""
        found, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return found, counts, forbidden - {Tool._meta.verbose_name}, protected

    @admin.action(description=_("Fetch the lists of tools"), permissions=["change"])
    def fetch_all(self, request: HttpRequest, queryset: QuerySet[ToolServer]) -> None:
        for server in queryset:
            self._fetch(request, server)

    @action(description=_("Fetch the list of tools"), permissions=["change"], url_path="fetch")  # type: ignore[untyped-decorator]
    def fetch_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        server = get_object_or_404(self.get_queryset(request), pk=object_id)
        if request.method != "POST":
            why = _("Asks the server what it offers now. New tools are off; changed ones wait.")
            verb = _("Fetch the list of tools")
            return asked(self, request, server, verb=verb, explained=why)
        self._fetch(request, server)
        return redirect(reverse("admin:tools_toolserver_change", args=[server.pk]))

    def _fetch(self, request: HttpRequest, server: ToolServer) -> None:
        if server.kind == Kind.MCP:
            services.request_sync(server=server, actor=actor(request))
            messages.info(request, _("The server is being asked; look again in a moment."))
            return
        try:
            new = services.sync_server(server=server, actor=actor(request))
        except ToolFailed as error:
            messages.error(request, str(error))
            return
        told = ngettext("%d new tool, switched off.", "%d new tools, switched off.", len(new))
        messages.success(request, told % len(new))
        if server.last_error:
            messages.warning(request, server.last_error)

    @display(  # type: ignore[untyped-decorator]
        description=_("health"),
        ordering="status",
        label={
            Health.WELL: "success",
            Health.FAILING: "danger",
            Health.UNKNOWN: "info",
        },
    )
    def health(self, server: ToolServer) -> tuple[str, str]:
        return server.status, server.get_status_display()

    @admin.display(description=_("tools"), ordering="tool_count")
    def tools(self, server: Any) -> int:
        return int(server.tool_count)


def state_of(tool: Tool) -> StrOrPromise:
    """Why a tool is not used, or that it is."""
    if tool.missing:
        return _("gone from the server")
    if tool.offered is not None:
        return _("changed: to be accepted")
    return _("in use") if tool.enabled else _("off")


def _address(tool: Tool) -> str:
    return reverse("admin:tools_tool_change", args=[tool.pk])
