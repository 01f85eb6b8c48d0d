from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from chatbot.moderation import services
from chatbot.moderation.admin.forms import ReasonForm
from chatbot.moderation.admin.pages import page, user_of
from chatbot.moderation.models import Original
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, TenantListed, VisibleRows


@admin.register(Original)
class OriginalAdmin(VisibleRows, TenantListed, ReadOnly, ModelAdmin):
    """Messages in which something was hidden. The original is shown once, for a reason."""

    empty_hint = _(
        "When something is hidden in a message, its original is kept here, encrypted, for a while."
    )
    list_display = ("created_at", "conversation", "author", "stored")
    list_filter = ("message__author_kind", "created_at")
    search_fields = ("message__text", "message__conversation__name")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    list_select_related = ("message__conversation", "tenant")
    fields = ("created_at", "conversation", "author", "stored")
    actions_detail = ("reveal",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("text")  # nothing is decrypted to be listed

    def has_reveal_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("moderation.reveal_original")

    @admin.display(description=_("conversation"))
    def conversation(self, original: Any) -> str:
        return str(original.message.conversation)

    @admin.display(description=_("author"))
    def author(self, original: Any) -> str:
        message = original.message
        return str(message.author_name or message.get_author_kind_display())

    @admin.display(description=_("as it was stored"))
    def stored(self, original: Any) -> str:
        return str(original.message.text)

    @action(description=_("Show the original"), permissions=["reveal"], url_path="reveal")  # type: ignore[untyped-decorator]
    def reveal(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks why, then shows it; history keeps both."""
        original = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = ReasonForm(request.POST or None)
        text = ""
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            text = services.reveal(original=original, by=user_of(request), reason=reason)
        title = _("What was hidden in this message")
        shown = {"title": title, "form": form, "original": original, "text": text}
        return page(self, request, "reveal", **shown)
