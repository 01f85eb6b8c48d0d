from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatbot.moderation import services
from chatbot.moderation.admin.forms import PhraseForm
from chatbot.moderation.admin.pages import actor
from chatbot.moderation.models import AllowedPhrase
from chatplatform.kernel.admin import ModelAdmin, TenantListed, VisibleRows, own_tenant


@admin.register(AllowedPhrase)
class AllowedPhraseAdmin(VisibleRows, TenantListed, ModelAdmin):
    empty_hint = _(
        "A phrase in which a sensitive word is not meant. Hits that are a false alarm become one."
    )
    form = PhraseForm
    list_display = ("phrase", "note", "updated_at")
    list_filter = ("updated_at",)
    search_fields = ("phrase", "normal", "note")
    date_hierarchy = "updated_at"
    list_select_related = ("tenant",)

    def get_fields(self, request: HttpRequest, obj: AllowedPhrase | None = None) -> list[str]:
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        return [*whose, "phrase", "note"]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        return type("Form", (form,), {"bound_to": own_tenant(request)})

    def save_model(self, request: HttpRequest, obj: AllowedPhrase, form: Any, change: bool) -> None:
        kept = services.allow_phrase(
            tenant=obj.tenant, text=obj.phrase, note=obj.note, phrase=obj, actor=actor(request)
        )
        obj.pk = kept.pk

    def delete_model(self, request: HttpRequest, obj: AllowedPhrase) -> None:
        services.delete_phrase(phrase=obj, actor=actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AllowedPhrase]) -> None:
        for phrase in queryset:
            self.delete_model(request, phrase)
