from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from chatbot.assistant.dialogue import previews
from chatbot.assistant.prompts import guards, services
from chatbot.assistant.prompts.differences import differences
from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.prompts.selectors import published_prompt
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.audit.actors import Actor
from chatplatform.kernel.admin import ModelAdmin, TenantListed, VisibleRows, own_tenant
from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.scoping import tenant_scope

LONGEST_QUESTION = 1_000


@admin.register(Prompt)
class PromptAdmin(TenantListed, VisibleRows, ModelAdmin):
    """What a tenant tells the model. Drafts are written; what was published is looked at, and
    published again with one click."""

    empty_hint = _(
        "Nothing was said to the assistant yet: it is friendly and keeps to your articles. Say "
        "more in a draft."
    )
    list_display = ("version", "state", "tone", "language", "note", "written_by", "published_at")
    list_filter = ("status",)
    search_fields = ("english", "chinese", "note")
    list_select_related = ("tenant",)
    ordering = ("-number",)
    date_hierarchy = "created_at"
    readonly_fields = ("english_lines", "chinese_lines")
    change_form_outer_before_template = "prompts/panel.html"

    class Media:
        js = ("providers/trial.js",)  # a guard's panel may be on its way

    def get_fields(self, request: HttpRequest, obj: Prompt | None = None) -> list[str]:
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        is_settled = obj is not None and obj.status != Prompt.Status.DRAFT
        texts = ["english_lines", "chinese_lines"] if is_settled else ["english", "chinese"]
        return [*whose, *texts, "tone", "language", "note"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version begins as the one that holds."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if (tenant := own_tenant(request)) is None:
            return initial
        held = published_prompt(tenant)
        return {**{name: getattr(held, name) for name in services.CONTENT}, **initial}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        settled = obj is not None and obj.status != Prompt.Status.DRAFT
        return not settled and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        settled = obj is not None and obj.status != Prompt.Status.DRAFT
        return not settled and bool(super().has_delete_permission(request, obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}  # what was published stays

    def get_urls(self) -> list[URLPattern]:
        def page(name: str, view: Callable[..., HttpResponse]) -> URLPattern:
            wrapped = self.admin_site.admin_view(view)
            address = f"<int:object_id>/{name}/"
            made: URLPattern = path(address, wrapped, name=f"prompts_prompt_{name}")
            return made

        return [
            page("publish", self.publish_view),
            page("restore", self.restore_view),
            page("preview", self.preview_view),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        prompt = (
            self.get_queryset(request).filter(pk=object_id).first() if object_id.isdigit() else None
        )
        if prompt is not None:
            with tenant_scope(prompt.tenant):
                extra_context = {**(extra_context or {}), **self._around(request, prompt)}
        response: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return response

    def _around(self, request: HttpRequest, prompt: Prompt) -> dict[str, Any]:
        held = published_prompt(prompt.tenant)
        return {
            "held": held,
            "differences": differences(held, prompt) if held.pk != prompt.pk else [],
            "may_write": super().has_change_permission(request),
            "panels": guards.panels(request, prompt),
        }

    def save_model(self, request: HttpRequest, obj: Prompt, form: Any, change: bool) -> None:
        if not change and (tenant := own_tenant(request)):
            obj.tenant = tenant
        services.save_draft(prompt=obj, actor=_actor(request))

    def delete_model(self, request: HttpRequest, obj: Prompt) -> None:
        services.delete_draft(prompt=obj, actor=_actor(request))

    def publish_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._act(request, object_id, services.publish_prompt)

    def restore_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._act(request, object_id, services.restore_prompt)

    def _act(self, request: HttpRequest, key: int, act: Callable[..., Prompt]) -> HttpResponse:
        prompt = get_object_or_404(self.get_queryset(request), pk=key)
        if request.method != "POST" or not super().has_change_permission(request):
            raise PermissionDenied
        try:
            with tenant_scope(prompt.tenant):
                prompt = act(prompt=prompt, actor=_actor(request))
        except ApplicationError as refusal:
            messages.error(request, f"{refusal.title} {refusal.detail or ''}".strip())
        else:
            told = _("Version %(number)d is what the assistant is told from now on.")
            messages.success(request, told % {"number": prompt.number})
        return redirect(reverse("admin:prompts_prompt_change", args=[prompt.pk]))

    def preview_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What a model would be sent for a question that nobody has asked."""
        prompt = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_permission(request, prompt):
            raise PermissionDenied
        question = request.GET.get("question", "").replace("\0", "").strip()[:LONGEST_QUESTION]
        language = get_language() or "en"
        shown = previews.preview(prompt, question, language) if question else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What the model would be sent"),
            "prompt": prompt,
            "question": question,
            "preview": shown,
        }
        return TemplateResponse(request, "prompts/preview.html", context)

    @admin.display(description=_("instructions in English"))
    def english_lines(self, prompt: Prompt) -> str:
        return format_html('<div class="readable">{}</div>', prompt.english)

    @admin.display(description=_("instructions in Chinese"))
    def chinese_lines(self, prompt: Prompt) -> str:
        return format_html('<div class="readable">{}</div>', prompt.chinese)

    @admin.display(description=_("version"), ordering="number")
    def version(self, prompt: Prompt) -> str:
        return str(prompt)

    @display(  # type: ignore[untyped-decorator]
        description=_("status"),
        ordering="status",
        label={
            Prompt.Status.PUBLISHED: "success",
            Prompt.Status.DRAFT: "warning",
            Prompt.Status.RETIRED: "info",
        },
    )
    def state(self, prompt: Prompt) -> tuple[str, str]:
        return prompt.status, prompt.get_status_display()


def _actor(request: HttpRequest) -> Actor:
    return actor_of(cast(User, request.user))
