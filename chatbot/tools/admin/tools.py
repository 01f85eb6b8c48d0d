from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.decorators import action, display

from chatbot.tools import services
from chatbot.tools.admin import trials
from chatbot.tools.admin.actors import actor
from chatbot.tools.admin.confirming import asked
from chatbot.tools.admin.forms import ToolForm, TrialForm
from chatbot.tools.admin.servers import state_of
from chatbot.tools.admin.statistics import Statistics, lately
from chatbot.tools.models import Tool
from chatplatform.kernel.admin import ModelAdmin, TenantListed, VisibleRows, shown_json


@admin.register(Tool)
class ToolAdmin(TenantListed, VisibleRows, ModelAdmin):
    """What the assistant may do. Tools come from servers; here people say what each may."""

    empty_hint = _(
        "Tools come from servers: add one under Tool servers, and what it offers stands here, "
        "switched off."
    )
    form = ToolForm
    list_display = ("name", "server", "risk", "audience", "used", "calls", "success", "p95")
    list_filter = ("enabled", "risk", "audience", "missing", "server")
    search_fields = ("name", "title", "description", "wordings")
    date_hierarchy = "updated_at"
    list_select_related = ("server", "tenant")
    list_per_page = 50
    actions = ("enable", "disable", "accept_all")
    actions_detail = ("accept_one", "dry_run")
    readonly_fields = ("server", "state", "change_at_server", "takes", "gives", "at_server")

    def get_fieldsets(self, request: HttpRequest, obj: Tool | None = None) -> Any:
        changed = ["change_at_server"] if obj and obj.offered is not None else []
        return [
            (None, {"fields": ["server", "state", *changed, "name", "title", "description"]}),
            (_("rights"), {"fields": ["enabled", "risk", "audience", "roles", "per_minute"]}),
            (_("without a model"), {"fields": ["wordings", "answers"]}),
            (
                _("at the server"),
                {"fields": ["identity", "takes", "gives", "at_server"]},
            ),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # servers offer them

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False  # it would be back with the next look at its server: switch it off

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tool]:
        rows: QuerySet[Tool] = super().get_queryset(request)
        return rows

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        statistics = lately([tool.pk for tool in found.result_list])
        for tool in found.result_list:
            tool.statistics = statistics[tool.pk]
        return found

    def save_model(self, request: HttpRequest, obj: Tool, form: Any, change: bool) -> None:
        services.save_tool(tool=obj, actor=actor(request))

    @admin.action(description=_("Enable"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Tool]) -> None:
        self._switch(request, queryset, on=True)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Tool]) -> None:
        self._switch(request, queryset, on=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Tool], *, on: bool) -> None:
        for tool in queryset.exclude(enabled=on):
            tool.enabled = on
            services.save_tool(tool=tool, actor=actor(request))

    @admin.action(description=_("Accept the changes"), permissions=["change"])
    def accept_all(self, request: HttpRequest, queryset: QuerySet[Tool]) -> None:
        for tool in queryset:
            services.accept_tool(tool=tool, actor=actor(request))

    @action(description=_("Accept the change"), permissions=["change"], url_path="accept")  # type: ignore[untyped-decorator]
    def accept_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        tool = get_object_or_404(self.get_queryset(request), pk=object_id)
        if tool.offered is None:
            messages.info(request, _("There is no change to accept."))
        elif request.method != "POST":
            why = _("The server describes it like this now. A model obeys what stands there.")
            verb = _("Accept the change")
            return asked(self, request, tool, verb=verb, explained=why, shown=tool.offered)
        else:
            services.accept_tool(tool=tool, actor=actor(request))
        return redirect(reverse("admin:tools_tool_change", args=[tool.pk]))

    @action(description=_("Dry run"), permissions=["view"], url_path="dry-run")  # type: ignore[untyped-decorator]
    def dry_run(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Checks arguments and shows what would be sent; sends nothing."""
        tool = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = TrialForm(request.POST or None, tool=tool)
        shown = trials.described(tool, form.cleaned_data["arguments"]) if form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Dry run: %(tool)s") % {"tool": tool.name},
            "opts": self.opts,
            "tool": tool,
            "form": form,
            "shown": shown_json(shown) if shown else "",
        }
        return TemplateResponse(request, "tools/dry_run.html", context)

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        label={
            "in use": "success",
            "off": "info",
            "changed": "warning",
            "gone": "danger",
        },
    )
    def used(self, tool: Tool) -> tuple[str, StrOrPromise]:
        if tool.missing or tool.offered is not None:
            return ("gone" if tool.missing else "changed"), state_of(tool)
        return ("in use" if tool.enabled else "off"), state_of(tool)

    @admin.display(description=_("state"))
    def state(self, tool: Tool) -> StrOrPromise:
        return state_of(tool)

    @admin.display(description=_("changed at the server"))
    def change_at_server(self, tool: Tool) -> str:
        return shown_json(tool.offered)

    @admin.display(description=_("arguments (JSON Schema)"))
    def takes(self, tool: Tool) -> str:
        return shown_json(tool.input_schema)

    @admin.display(description=_("result (JSON Schema)"))
    def gives(self, tool: Tool) -> str:
        return shown_json(tool.output_schema)

    @admin.display(description=_("known there as"))
    def at_server(self, tool: Tool) -> str:
        return shown_json(tool.remote)

    @admin.display(description=_("calls in 7 days"))
    def calls(self, tool: Any) -> int:
        statistics: Statistics = tool.statistics
        return statistics.calls

    @admin.display(description=_("successful"))
    def success(self, tool: Any) -> str:
        share = tool.statistics.success
        return "–" if share is None else f"{share:.0%}"

    @admin.display(description=_("95% answer within"))
    def p95(self, tool: Any) -> str:
        return "–" if tool.statistics.p95 is None else f"{tool.statistics.p95} ms"
