from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.models import HandoffBrief, Run
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, VisibleRows


@admin.register(Run)
class RunAdmin(VisibleRows, ReadOnly, ModelAdmin):
    """What the AI was asked and what it made of it: a history, never edited."""

    empty_hint = _(
        "Every question that the assistant takes up stands here, with what became of it."
    )
    list_display = (
        "asked", "status", "outcome", "handoff", "answered", "seconds", "attempts", "created_at",
    )  # fmt: skip
    list_filter = ("status", "outcome", "handoff", "created_at")
    search_fields = ("trigger__text", "answer__text", "conversation__name", "error", "worker")
    date_hierarchy = "created_at"
    list_select_related = ("trigger", "answer")
    list_per_page = 50
    show_full_result_count = False

    @admin.display(description=_("question"))
    def asked(self, run: Run) -> str:
        return run.trigger.text[:80]

    @admin.display(description=_("answer"))
    def answered(self, run: Run) -> str:
        return run.answer.text[:80] if run.answer else "–"

    @admin.display(description=_("seconds"))
    def seconds(self, run: Run) -> str:
        if run.finished_at is None:
            return "–"
        return f"{(run.finished_at - run.created_at).total_seconds():.2f}"


@admin.register(HandoffBrief)
class HandoffBriefAdmin(VisibleRows, ReadOnly, ModelAdmin):
    """What the people were told who took customers over: why, and what for."""

    empty_hint = _(
        "When a customer goes from the AI to a person, a brief is written: goal, facts, what "
        "was tried."
    )
    list_display = ("goal", "trigger", "mood", "made_by", "conversation", "created_at")
    list_filter = ("trigger", "mood", "made_by", "created_at")
    search_fields = ("goal", "open_question", "note", "conversation__name")
    date_hierarchy = "created_at"
    list_select_related = ("conversation",)
    list_per_page = 50
    show_full_result_count = False
