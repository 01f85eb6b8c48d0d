from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import TabularInline
from unfold.decorators import action

from chatbot.evaluation import services
from chatbot.evaluation.models import Case, EvaluationRun, QuestionSet
from chatbot.evaluation.selectors import told
from chatbot.evaluation.trial_panel import trial_view
from chatplatform.audit.actors import Actor
from chatplatform.kernel.admin import (
    ModelAdmin,
    ReadOnly,
    TenantListed,
    VisibleRows,
    own_tenant,
)


class CaseInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = Case
    fields = ("question", "language", "expected")
    autocomplete_fields = ("expected",)
    extra = 0
    hide_title = True  # it would repeat the question
    show_change_link = True
    max_num = 0  # cases are added on their own page, where each is checked
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(QuestionSet)
class QuestionSetAdmin(TenantListed, VisibleRows, ModelAdmin):
    empty_hint = _(
        "Questions with the article that should answer them: they tell whether a change makes "
        "answers better."
    )
    list_display = ("name", "description", "case_count", "guards", "updated_at")
    list_filter = ("guards",)
    search_fields = ("name", "description")
    date_hierarchy = "updated_at"
    list_select_related = ("tenant",)
    inlines = (CaseInline,)
    actions = ("evaluate",)
    actions_detail = ("add_case",)

    def get_fields(self, request: HttpRequest, obj: QuestionSet | None = None) -> list[str]:
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        return [*whose, "name", "description", "guards"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(counted=Count("cases"))
        return counted

    @admin.display(description=_("cases"), ordering="counted")
    def case_count(self, question_set: QuestionSet) -> int:
        return int(question_set.counted)  # type: ignore[attr-defined]  # annotated above

    def save_model(self, request: HttpRequest, obj: QuestionSet, form: Any, change: bool) -> None:
        if not change and (tenant := own_tenant(request)):
            obj.tenant = tenant
        services.save_set(question_set=obj, actor=_actor(request))

    def delete_model(self, request: HttpRequest, obj: QuestionSet) -> None:
        services.delete_set(question_set=obj, actor=_actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[QuestionSet]) -> None:
        for question_set in queryset:
            self.delete_model(request, question_set)

    @action(description=_("Add a case"), icon="add", url_path="add-case", permissions=["change"])  # type: ignore[untyped-decorator]
    def add_case(self, request: HttpRequest, object_id: str) -> HttpResponse:
        among = get_object_or_404(self.get_queryset(request), pk=object_id)
        return redirect(f"{reverse('admin:evaluation_case_add')}?question_set={among.pk}")

    @admin.action(description=_("Evaluate"), permissions=["change"])
    def evaluate(self, request: HttpRequest, queryset: QuerySet[QuestionSet]) -> None:
        chosen = list(queryset)
        for question_set in chosen:
            services.queue_evaluation(question_set=question_set, actor=_actor(request))
        told = ngettext(
            "%d evaluation queued; its figures appear under evaluations.",
            "%d evaluations queued; their figures appear under evaluations.",
            len(chosen),
        )
        messages.success(request, told % len(chosen))


@admin.register(Case)
class CaseAdmin(TenantListed, VisibleRows, ModelAdmin):
    list_display = ("question", "language", "expects", "question_set", "origin", "created_at")
    list_filter = ("question_set", "language", "origin")
    search_fields = ("question", "expected__title")
    date_hierarchy = "created_at"
    list_select_related = ("tenant", "expected", "question_set")
    autocomplete_fields = ("expected", "question_set")
    fields = ("question_set", "question", "language", "expected", "origin", "added_by")
    readonly_fields = ("origin", "added_by")

    @admin.display(description=_("expected"), ordering="expected__title")
    def expects(self, case: Case) -> str:
        return case.expected.title if case.expected else str(_("no answer"))

    def save_model(self, request: HttpRequest, obj: Case, form: Any, change: bool) -> None:
        obj.tenant = obj.question_set.tenant
        services.save_case(case=obj, actor=_actor(request))

    def delete_model(self, request: HttpRequest, obj: Case) -> None:
        services.delete_case(case=obj, actor=_actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> None:
        for case in queryset:
            self.delete_model(request, case)


@admin.register(EvaluationRun)
class EvaluationRunAdmin(TenantListed, VisibleRows, ReadOnly, ModelAdmin):
    empty_hint = _(
        "Tick a question set in its list and choose Evaluate: how many questions were answered, "
        "and how many rightly."
    )
    list_display = (
        "question_set",
        "progress",
        "answered_by",
        "hit_1",
        "answered",
        "right",
        "refused",
        "model",
        "created_at",
    )
    list_filter = ("status", "question_set")
    search_fields = ("question_set__name", "started_by")
    date_hierarchy = "created_at"
    list_select_related = ("tenant", "question_set", "prompt")
    fields = (
        "question_set",
        "progress",
        "answered_by",
        "started_by",
        "model",
        "compared_with",
        "created_at",
        "finished_at",
        "why_failed",
        "by_language",
        "wrong",
    )
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(trial_view)
        return [
            path("trial/<int:prompt>/", page, name="evaluation_evaluationrun_trial"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("results")  # hundreds a row, shown on its own page only

    @admin.display(description=_("status"), ordering="status")
    def progress(self, run: EvaluationRun) -> str:
        label = run.get_status_display()
        is_under_way = run.status == EvaluationRun.Status.RUNNING and run.total
        return f"{label} ({run.asked} / {run.total})" if is_under_way else label

    @admin.display(description=_("answered by"), ordering="prompt__number")
    def answered_by(self, run: EvaluationRun) -> str:
        """The knowledge alone, or a model told so."""
        if not run.fingerprint:
            return str(_("knowledge"))
        if run.prompt is None:
            return str(_("the model with the built-in instructions"))
        return str(_("the model with instructions #%(number)d") % {"number": run.prompt.number})

    @admin.display(description=_("compared with"))
    def compared_with(self, run: EvaluationRun) -> str:
        if run.baseline_id is None:
            return "-"
        page = reverse("admin:evaluation_evaluationrun_change", args=[run.baseline_id])
        link = '<a class="text-primary-600 dark:text-primary-500" href="{}">#{}</a>'
        return format_html(link, page, run.baseline_id)

    @admin.display(description=_("error"))
    def why_failed(self, run: EvaluationRun) -> str:
        return told(run.error) or "-"

    @admin.display(description=_("found first"))
    def hit_1(self, run: EvaluationRun) -> str:
        return _share(run, "hit@1")

    @admin.display(description=_("answered"))
    def answered(self, run: EvaluationRun) -> str:
        return _share(run, "answered_share")

    @admin.display(description=_("of those right"))
    def right(self, run: EvaluationRun) -> str:
        return _share(run, "right_share")

    @admin.display(description=_("off-topic refused"))
    def refused(self, run: EvaluationRun) -> str:
        return _share(run, "refused_share")

    @admin.display(description=_("figures"))
    def by_language(self, run: EvaluationRun) -> str:
        """One line a language, the whole first."""
        lines = [
            [
                str(_NAMES.get(group, group)),
                *(_percent(found.get(name)) for name, _title in _SHARES),
            ]
            for group, found in run.figures.items()
        ]
        return _table([["", *(str(title) for _name, title in _SHARES)], *lines]) if lines else "-"

    @admin.display(description=_("not answered rightly"))
    def wrong(self, run: EvaluationRun) -> str:
        """What was asked, what should have been answered, what was."""
        missed = [row for row in run.results if not row["right"]]
        none, nothing = str(_("no answer")), str(_("not answered"))
        lines = [
            [row["question"], row["expected"] or none, row["answer"] or nothing] for row in missed
        ]
        head = [str(_("question")), str(_("expected")), str(_("given"))]
        return _table([head, *lines]) if lines else "-"


_NAMES = {"": _("all"), **dict(settings.LANGUAGES)}
_SHARES = (
    ("hit@1", _("found first")),
    ("hit@3", _("among three")),
    ("answered_share", _("answered")),
    ("right_share", _("of those right")),
    ("refused_share", _("off-topic refused")),
)


def _share(run: EvaluationRun, name: str) -> str:
    return _percent(run.figures.get("", {}).get(name))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _table(lines: list[list[str]]) -> str:
    """The first line is the head."""
    head, *body = (
        format_html_join("", '<td class="py-1 pr-6">{}</td>', ((cell,) for cell in line))
        for line in lines
    )
    rows = format_html_join("", "<tr>{}</tr>", ((line,) for line in body))
    return format_html(
        '<table><thead class="font-semibold"><tr>{}</tr></thead><tbody>{}</tbody></table>',
        head,
        rows,
    )


def _actor(request: HttpRequest) -> Actor:
    return Actor("user", str(request.user.pk), request.user.get_username())
