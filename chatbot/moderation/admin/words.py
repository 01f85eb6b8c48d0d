from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from chatbot.moderation import services
from chatbot.moderation.admin.forms import ImportForm, TrialForm, WordForm
from chatbot.moderation.admin.pages import actor, page
from chatbot.moderation.choices import Speaker
from chatbot.moderation.models import Edition, SensitiveWord
from chatbot.moderation.normal_form import BREAK, normal_text
from chatbot.moderation.screening import Screening, screen
from chatbot.moderation.word_files import COLUMNS, export_words, import_words
from chatplatform.kernel.admin import (
    ModelAdmin,
    ReadOnly,
    TenantListed,
    VisibleRows,
    own_tenant,
)
from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.scoping import tenant_scope


@admin.register(SensitiveWord)
class SensitiveWordAdmin(VisibleRows, TenantListed, ModelAdmin):
    """The list of words, with a box to try it, and with files in and out."""

    empty_hint = _(
        "Add a word, or import a list as CSV: what contains it is refused, hidden, reviewed or "
        "reported."
    )
    form = WordForm
    list_display = ("word", "category", "action", "applies_to", "enabled", "note", "updated_at")
    list_filter = ("category", "action", "enabled", "for_customers", "for_agents", "for_ai")
    search_fields = ("word", "normal", "category", "note")
    date_hierarchy = "updated_at"
    list_select_related = ("tenant",)
    list_per_page = 100
    actions = ("enable", "disable")
    actions_list = ("trial", "import_file", "export_file")

    def get_fields(self, request: HttpRequest, obj: SensitiveWord | None = None) -> list[str]:
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        speakers = ["for_customers", "for_agents", "for_ai"]
        return [*whose, "word", "category", "action", *speakers, "enabled", "note"]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        return type("Form", (form,), {"bound_to": own_tenant(request)})

    def save_model(self, request: HttpRequest, obj: SensitiveWord, form: Any, change: bool) -> None:
        services.save_word(tenant=obj.tenant, draft=form.draft(), word=obj, actor=actor(request))

    def delete_model(self, request: HttpRequest, obj: SensitiveWord) -> None:
        services.delete_word(word=obj, actor=actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SensitiveWord]) -> None:
        for word in queryset:
            self.delete_model(request, word)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    @admin.display(description=_("looked for in"))
    def applies_to(self, word: SensitiveWord) -> str:
        return ", ".join(str(each.label) for each in Speaker if each in word.speakers)

    @admin.action(description=_("Switch on"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[SensitiveWord]) -> None:
        self._switch(request, queryset, on=True)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[SensitiveWord]) -> None:
        self._switch(request, queryset, on=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[SensitiveWord], *, on: bool) -> None:
        changed = services.enable_words(words=list(queryset), enabled=on, actor=actor(request))
        told = ngettext("%d word changed.", "%d words changed.", changed)
        messages.success(request, told % changed)

    @action(description=_("Try it out"), permissions=["view"], url_path="trial", icon="science")  # type: ignore[untyped-decorator]
    def trial(self, request: HttpRequest) -> HttpResponse:
        """What would become of a text; nothing is kept."""
        form = TrialForm(request.POST or None, bound_to=own_tenant(request))
        screening: Screening | None = None
        if form.is_valid():
            said = form.cleaned_data
            screening = screen(form.tenant, said["text"], Speaker(said["speaker"]))
        return page(
            self,
            request,
            "trial",
            title=_("Try the words out"),
            form=form,
            screening=screening,
            normal=normal_text(screening.original).split(BREAK) if screening else [],
        )

    @action(description=_("Import"), permissions=["add"], url_path="import", icon="upload")  # type: ignore[untyped-decorator]
    def import_file(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST or None, request.FILES or None, bound_to=own_tenant(request))
        report = None
        if form.is_valid():
            try:
                with tenant_scope(form.tenant):
                    report = import_words(
                        tenant=form.tenant, file=form.cleaned_data["file"], actor=actor(request)
                    )
            except ApplicationError as refusal:
                form.add_error("file", str(refusal.detail))
        return page(
            self,
            request,
            "import",
            title=_("Import words"),
            form=form,
            report=report,
            columns=COLUMNS,
        )

    @action(description=_("Export"), permissions=["export"], url_path="export", icon="download")  # type: ignore[untyped-decorator]
    def export_file(self, request: HttpRequest) -> HttpResponse:
        """All that the reader may see, as a file that can be imported again."""
        tenant: Any = own_tenant(request)
        words = self.get_queryset(request).order_by("category", "word")
        text = export_words(tenant=tenant, words=words.iterator(1000), actor=actor(request))
        name = f"words-{tenant.slug if tenant else 'all'}-{now():%Y%m%d-%H%M}.csv"
        return HttpResponse(
            text,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


@admin.register(Edition)
class EditionAdmin(ReadOnly, ModelAdmin):
    list_display = ("tenant", "token")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return own_tenant(request) is None and bool(super().has_module_permission(request))
