from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.admin import TabularInline

from chatbot.conversations.models import Conversation, Customer, Message, Timer
from chatbot.moderation.selectors import original_of
from chatplatform.audit import words
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, VisibleRows, shown_json

_LINK = '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>'


class MessageInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = Message
    fields = ("created_at", "author_kind", "author_name", "text")
    readonly_fields = fields
    ordering = ("id",)
    extra = 0
    tab = True


@admin.register(Customer)
class CustomerAdmin(VisibleRows, ModelAdmin):
    list_display = ("__str__", "email", "language", "conversation_count", "created_at")
    list_filter = ("language", "created_at")
    search_fields = ("name", "email")
    readonly_fields = ("tenant", "created_at")
    fields = ("name", "email", "language", "tenant", "created_at")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        found: QuerySet[Customer] = super().get_queryset(request)
        return found.annotate(conversation_count=Count("conversations"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a customer without a token could open nothing

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # her conversations are history

    @admin.display(description=_("conversations"), ordering="conversation_count")
    def conversation_count(self, customer: Any) -> int:
        return int(customer.conversation_count)


@admin.register(Conversation)
class ConversationAdmin(VisibleRows, ReadOnly, ModelAdmin):
    list_display = (
        "name",
        "customer",
        "state",
        "agent",
        "department",
        "language",
        "last_message_at",
    )
    list_filter = (
        "state",
        ("agent", admin.RelatedOnlyFieldListFilter),
        ("department", admin.RelatedOnlyFieldListFilter),
        "language",
        "created_at",
    )
    list_select_related = ("customer", "agent", "department")
    search_fields = ("name", "customer__name", "customer__email", "agent__username")
    date_hierarchy = "created_at"
    ordering = ("-last_message_at", "-id")
    fieldsets = (
        (None, {"fields": ("name", "customer", "tenant", "language")}),
        (_("State"), {"fields": ("state", "agent", "version", "transfer_reason", "close_reason")}),
        (
            _("Times"),
            {
                "fields": (
                    "created_at",
                    "queued_at",
                    "accepted_at",
                    "resolved_at",
                    "last_message_at",
                )
            },
        ),
        (_("History"), {"fields": ("history",)}),
    )
    readonly_fields = ("history",)
    inlines = (MessageInline,)

    @admin.display(description=_("history"))
    def history(self, conversation: Conversation) -> SafeString:
        """The conversation's audit lines, oldest first."""
        lines = AuditEntry.objects.filter(
            target_type="conversation", target_id=conversation.name
        ).order_by("id")
        return format_html_join(
            "",
            "<div>{} · {} · {}</div>",
            (
                (
                    localize(localtime(line.at)),
                    words.actor_name(line),
                    words.action_name(line.action),
                )
                for line in lines
            ),
        )


@admin.register(Message)
class MessageAdmin(VisibleRows, ReadOnly, ModelAdmin):
    list_display = ("created_at", "conversation", "author_kind", "author_name", "excerpt")
    list_filter = ("author_kind", "code", "created_at")
    list_select_related = ("conversation",)
    search_fields = ("text", "author_name", "conversation__name")
    date_hierarchy = "created_at"
    ordering = ("-id",)

    def get_fields(self, request: HttpRequest, obj: Message | None = None) -> list[str]:
        fields = super().get_fields(request, obj)
        shown = ["details" if name == "data" else name for name in fields]
        return [*shown, "original"]

    @admin.display(description=_("as it was written"))
    def original(self, message: Message) -> StrOrPromise:
        """What was hidden in it is shown for a reason, on a page of its own."""
        found = original_of(message)
        if found is None:
            return _("nothing was hidden")
        url = reverse("admin:moderation_original_reveal", args=[found.pk])
        return format_html(_LINK, url, _("Show the original"))

    @admin.display(description=_("details"))
    def details(self, message: Message) -> str:
        return shown_json(message.data)

    @admin.display(description=_("text"))
    def excerpt(self, message: Message) -> str:
        return message.text if len(message.text) <= 80 else f"{message.text[:79]}…"


@admin.register(Timer)
class TimerAdmin(VisibleRows, ReadOnly, ModelAdmin):
    list_display = ("conversation", "kind", "due_at")
    list_filter = ("kind", "due_at")
    list_select_related = ("conversation",)
    search_fields = ("conversation__name",)
    ordering = ("due_at",)
