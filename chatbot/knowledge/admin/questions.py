from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise
from unfold.admin import TabularInline

from chatbot.knowledge import services
from chatbot.knowledge.admin.acting import actor_of, told
from chatbot.knowledge.models import Article, Asking, OpenQuestion
from chatbot.knowledge.suggestions import nearest_articles
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows

MOST_ASKINGS = 50


class AskingInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = Asking
    fields = ("asked_at", "text")
    readonly_fields = fields
    verbose_name_plural = gettext_lazy("how customers put it")
    extra = 0
    per_page = MOST_ASKINGS


class OpenFilter(admin.SimpleListFilter):
    """What waits for somebody comes first; the rest is history."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [*OpenQuestion.State.choices, ("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        return list(super().choices(changelist))[1:]  # the library's own "All" is not ours

    def value(self) -> str:
        return str(super().value() or OpenQuestion.State.OPEN)

    def queryset(
        self, request: HttpRequest, rows: QuerySet[OpenQuestion]
    ) -> QuerySet[OpenQuestion]:
        return rows if self.value() == "all" else rows.filter(state=self.value())


@admin.register(OpenQuestion)
class OpenQuestionAdmin(VisibleRows, TenantListed, ModelAdmin):
    """What nobody could answer, most asked first."""

    empty_hint = _(
        "What the assistant can't answer is collected here, alike questions as one, and "
        "becomes an article."
    )
    list_display = ("text", "language", "times", "shown_state", "answered_in", "last_asked_at")
    list_filter = (OpenFilter, "language", "last_asked_at")
    list_select_related = ("article", "tenant")
    search_fields = ("text", "askings__text")
    date_hierarchy = "last_asked_at"
    ordering = ("-times", "-last_asked_at", "-id")
    list_per_page = 50
    fields = ("text", "language", "times", "shown_state", "answered_in", "first_asked_at")
    readonly_fields = fields
    inlines = (AskingInline,)
    actions = ("write_articles", "dismiss", "reopen")
    change_form_outer_after_template = "knowledge/question_around.html"

    class Media:
        css = {"all": ("knowledge/admin.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # customers ask them

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # dismissed, it stays out of the way when it is asked again

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.settle_view)
        own = path("<path:object_id>/settle/", page, name="knowledge_openquestion_settle")
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        question = self.get_object(request, unquote(object_id))
        may_settle = self._may_settle(request, question)
        around = {
            "question": question,
            "may_settle": may_settle,
            "may_write": may_settle and request.user.has_perm("knowledge.add_article"),
            "nearest": nearest_articles(question),  # type: ignore[arg-type]
            "show_save": False,
            "show_save_and_continue": False,
        }
        context = {**(extra_context or {}), **around}
        shown: HttpResponse = super().change_view(request, object_id, form_url, context)
        return shown

    def settle_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Write an article for it, add it to one, dismiss it or open it again."""
        question = self.get_object(request, unquote(object_id))
        assert isinstance(question, OpenQuestion)  # noqa: S101 - for the type checker
        if request.method != "POST" or not self._may_settle(request, question):
            raise PermissionDenied
        if request.POST.get("do") == "write":
            return self._write(request, question)
        if request.POST.get("do") == "attach":
            self._attach(request, question)
        elif request.POST.get("do") == "reopen":
            _do(request, services.reopen_question, question, _("The question is open again."))
        else:
            _do(request, services.dismiss_question, question, _("The question is dismissed."))
        return redirect("admin:knowledge_openquestion_change", question.pk)

    def _write(self, request: HttpRequest, question: OpenQuestion) -> HttpResponse:
        if not request.user.has_perm("knowledge.add_article"):
            raise PermissionDenied
        written: list[Article] = []

        def write() -> None:
            made = services.write_article_for(question=question, actor=actor_of(request))
            written.append(made)

        done = _("Here is the article's draft: write the answer, then publish it.")
        if told(request, write, done):
            return redirect("admin:knowledge_article_change", written[0].pk)
        return redirect("admin:knowledge_openquestion_change", question.pk)

    def _attach(self, request: HttpRequest, question: OpenQuestion) -> None:
        key = request.POST.get("article", "")
        known = key.isascii() and key.isdigit() and len(key) < 19
        seen = Article.objects.visible_to(request.user)
        article = seen.filter(pk=int(key)).first() if known else None
        if article is None:
            raise PermissionDenied
        actor, done = actor_of(request), _("The article is found by it from now on.")
        told(
            request,
            lambda: services.attach_question(question=question, article=article, actor=actor),
            done,
        )

    def _may_settle(self, request: HttpRequest, question: Any) -> bool:
        may = self.has_change_permission(request, question)
        return bool(may and request.user.has_perm("knowledge.change_article"))

    @admin.action(description=gettext_lazy("Write an article for each"), permissions=["settle"])
    def write_articles(self, request: HttpRequest, queryset: QuerySet[OpenQuestion]) -> None:
        done = _("The articles are begun: write their answers, then publish them.")
        _each(request, queryset, services.write_article_for, done)

    @admin.action(description=gettext_lazy("Dismiss the questions"), permissions=["settle"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[OpenQuestion]) -> None:
        _each(request, queryset, services.dismiss_question, _("The questions are dismissed."))

    @admin.action(description=gettext_lazy("Open again"), permissions=["settle"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[OpenQuestion]) -> None:
        _each(request, queryset, services.reopen_question, _("The questions are open again."))

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """For the list's actions."""
        may_write = request.user.has_perm("knowledge.add_article")
        return may_write and self._may_settle(request, None)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, question: OpenQuestion) -> str:
        return str(OpenQuestion.State(question.state).label)

    @admin.display(description=gettext_lazy("article"), ordering="article")
    def answered_in(self, question: OpenQuestion) -> str:
        article = question.article
        if article is None:
            return "-"
        state = article.state
        told_state = "" if state == Article.State.PUBLISHED else f" ({state.label})"
        return format_html("{}{}", article.title, told_state)


def _do(
    request: HttpRequest, act: Callable[..., object], question: OpenQuestion, done: str
) -> None:
    told(request, lambda: act(question=question, actor=actor_of(request)), done)


def _each(
    request: HttpRequest,
    questions: QuerySet[OpenQuestion],
    act: Callable[..., object],
    done: str,
) -> None:
    def act_on_all() -> None:
        for question in questions:
            act(question=question, actor=actor_of(request))

    told(request, act_on_all, done)
