from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from chatbot.moderation import services
from chatbot.moderation.admin.forms import VerdictForm
from chatbot.moderation.admin.pages import page, user_of
from chatbot.moderation.choices import REVIEWED, Verdict
from chatbot.moderation.models import Hit
from chatbot.moderation.selectors import REVIEW
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows
from chatplatform.kernel.errors import InvalidInput


class QueueFilter(admin.SimpleListFilter):
    """Without a choice: what waits for a person."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("", _("To review")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, title in self.lookup_choices:
            yield {
                "selected": (self.value() or "") == value,
                "query_string": changelist.get_query_string(
                    {self.parameter_name: value} if value else {},
                    [] if value else [self.parameter_name],
                ),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hit]) -> QuerySet[Hit]:
        if self.value() == "all" or "verdict__exact" in request.GET:
            return queryset
        return queryset.filter(verdict=Verdict.OPEN, action__in=sorted(REVIEWED))


@admin.register(Hit)
class HitAdmin(VisibleRows, TenantListed, ReadOnly, ModelAdmin):
    """Words that were said. Those to review wait here for somebody's verdict."""

    empty_hint = _("What your sensitive words find in messages waits here for a verdict.")
    list_display = (
        "created_at",
        "word",
        "category",
        "what_followed",
        "speaker",
        "excerpt",
        "found",
    )
    list_filter = (QueueFilter, "verdict", "action", "category", "speaker", "created_at")
    search_fields = ("word", "category", "excerpt", "conversation__name")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    list_select_related = ("conversation", "reviewer", "tenant")
    list_per_page = 50
    actions = ("confirm", "dismiss")
    actions_detail = ("judge",)

    def has_review_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm(REVIEW)

    @display(  # type: ignore[untyped-decorator]
        description=_("verdict"),
        ordering="verdict",
        label={Verdict.OPEN: "warning", Verdict.CONFIRMED: "danger", Verdict.FALSE_ALARM: "info"},
    )
    def found(self, hit: Hit) -> tuple[str, str]:
        return hit.verdict, str(Verdict(hit.verdict).label)

    @display(  # type: ignore[untyped-decorator]
        description=_("action"),
        ordering="action",
        label={"block": "danger", "mask": "info", "review": "warning", "alert": "danger"},
    )
    def what_followed(self, hit: Hit) -> tuple[str, str]:
        return hit.action, hit.get_action_display()

    @admin.action(description=_("Confirm"), permissions=["review"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Hit]) -> None:
        judged = services.confirm(hits=list(queryset), by=user_of(request))
        told = ngettext("%d hit confirmed.", "%d hits confirmed.", judged)
        messages.success(request, told % judged)

    @admin.action(description=_("False alarm"), permissions=["review"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Hit]) -> None:
        """The words around each are allowed from now on."""
        allowed = [services.dismiss(hit=hit, by=user_of(request)) for hit in queryset]
        phrases = sorted({phrase.phrase for phrase in allowed if phrase})
        messages.success(request, _("Noted as false alarms."))
        if phrases:
            told = _("Allowed from now on: %(phrases)s") % {"phrases": ", ".join(phrases)}
            messages.info(request, told)

    @action(description=_("Decide"), permissions=["review"], url_path="verdict")  # type: ignore[untyped-decorator]
    def judge(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Confirm it, or allow the phrase it stands in."""
        hit = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = VerdictForm(request.POST or None, initial={"phrase": hit.around})
        if request.method == "POST" and form.is_valid() and self._decided(request, hit, form):
            return redirect("admin:moderation_hit_changelist")
        title = _("What was meant by “%(word)s”?") % {"word": hit.word}
        return page(self, request, "verdict", title=title, form=form, hit=hit)

    def _decided(self, request: HttpRequest, hit: Hit, form: VerdictForm) -> bool:
        if "_confirm" in request.POST:
            self.confirm(request, self.get_queryset(request).filter(pk=hit.pk))
            return True
        try:
            phrase = form.cleaned_data["phrase"]
            services.dismiss(hit=hit, by=user_of(request), phrase=phrase)
        except InvalidInput as refusal:
            for fault in refusal.extra["errors"]:
                form.add_error("phrase", fault["message"])
            return False
        messages.success(request, _("Noted as false alarms."))
        return True
