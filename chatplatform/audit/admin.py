import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chatplatform.audit import services, words
from chatplatform.audit.actors import Actor
from chatplatform.audit.export import csv_of
from chatplatform.audit.filters import ActionFilter, ActorKindFilter, PersonFilter
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.admin import (
    ModelAdmin,
    ReadOnly,
    TenantListed,
    VisibleRows,
    own_tenant,
    shown_json,
)

_LINK = '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>'
SHOWN = 3  # fields named in a row of the list


@admin.register(AuditEntry)
class AuditEntryAdmin(VisibleRows, TenantListed, ReadOnly, ModelAdmin):
    """Who did what to what, from where; as a file for whoever may export it."""

    list_display = ("at", "actor", "what", "target", "changed", "address", "request_id")
    list_display_links = ("at",)
    list_filter = (ActionFilter, ActorKindFilter, PersonFilter, "at")
    list_select_related = ("tenant",)
    search_fields = ("actor_label", "actor_id", "action", "target_id", "request_id", "address")
    search_help_text = _("A name, an action's code, a target, a request id or an address.")
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False  # history grows for years
    list_before_template = "audit/export_link.html"
    fieldsets = (
        (None, {"fields": ("at", "actor", "kind", "what", "action", "target", "tenant")}),
        (_("Changes"), {"fields": ("changes", "details")}),
        (_("Origin"), {"fields": ("address", "request_id", "sequence", "digest")}),
    )
    readonly_fields = (
        "actor",
        "kind",
        "what",
        "target",
        "changes",
        "details",
        "sequence",
        "digest",
    )

    @admin.display(description=_("actor"), ordering="actor_label")
    def actor(self, entry: AuditEntry) -> str:
        return words.actor_name(entry)

    @admin.display(description=_("kind of actor"))
    def kind(self, entry: AuditEntry) -> str:
        return words.kind_name(entry.actor_kind)

    @admin.display(description=_("what happened"), ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return words.action_name(entry.action)

    @admin.display(description=_("target"), ordering="target_id")
    def target(self, entry: AuditEntry) -> str:
        name, address = words.target_name(entry), words.target_address(entry)
        return format_html(_LINK, address, name) if address else name

    @admin.display(description=pgettext_lazy("history", "changed"))
    def changed(self, entry: AuditEntry) -> str:
        names = list({**entry.before, **entry.after})
        shown = (words.field_name(entry, name) for name in names[:SHOWN])
        return ", ".join(shown) + (" …" if len(names) > SHOWN else "")

    @admin.display(description=_("before and after"))
    def changes(self, entry: AuditEntry) -> str:
        names = {**entry.before, **entry.after}
        if not names:
            return "-"
        sides = (entry.before, entry.after)
        rows = [
            (words.field_name(entry, name), *(_text(side.get(name, "")) for side in sides))
            for name in names
        ]
        return render_to_string("audit/changes.html", {"rows": rows})

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        return shown_json(entry.data)

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        urls: list[URLPattern] = super().get_urls()
        return [path("export/", export, name="audit_auditentry_export"), *urls]

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """The list as it is narrowed, as CSV."""
        if not request.user.has_perm("audit.export_auditentry"):
            raise PermissionDenied
        lines = self.get_changelist_instance(request).queryset
        self._tell(request)
        return StreamingHttpResponse(
            csv_of(lines, get_language() or "en"),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{_file_name(request)}"'},
        )

    def _tell(self, request: HttpRequest) -> None:
        actor = Actor("user", str(request.user.pk), request.user.get_username())
        services.record_export(tenant=own_tenant(request), actor=actor, filters=request.GET.dict())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _file_name(request: HttpRequest) -> str:
    tenant: Any = own_tenant(request)
    return f"history-{tenant.slug if tenant else 'all'}-{now():%Y%m%d-%H%M}.csv"
