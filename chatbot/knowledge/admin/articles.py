from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from chatbot.knowledge import addresses, services
from chatbot.knowledge.admin.acting import RefusalsShown, actor_of
from chatbot.knowledge.admin.article_pages import ArticlePages
from chatbot.knowledge.models import Article, Edition, Passage
from chatbot.knowledge.selectors import articles_in
from chatplatform.audit.actors import Actor
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, VisibleRows, own_tenant
from chatplatform.kernel.visibility import keep_visible

CATEGORIES = 200  # offered to choose from


class PassageInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = Passage
    fields = ("ordinal", "heading", "text")
    verbose_name_plural = _("passages the assistant may quote")
    extra = 0


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return list(Article.State.choices)

    def queryset(self, request: HttpRequest, rows: QuerySet[Article]) -> QuerySet[Article]:
        return articles_in(rows, self.value())


class CategoryInput(UnfoldAdminTextInputWidget):  # type: ignore[misc]
    """A text with those that there are to pick from."""

    template_name = "knowledge/category_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(
            name, value, {**(attrs or {}), "list": "categories"}
        )
        known = Article.objects.exclude(category="").order_by("category")
        context["categories"] = known.values_list("category", flat=True).distinct()[:CATEGORIES]
        return context


@admin.register(Article)
class ArticleAdmin(RefusalsShown, ArticlePages, VisibleRows, ModelAdmin):
    empty_hint = _(
        "The assistant answers from articles. Write the first one, or bring in what you have "
        "under Imports."
    )
    list_display = ("title", "language", "category", "shown_state", "updated_at", "page")
    list_filter = ("language", StateFilter, "category")
    search_fields = ("title", "wordings", "body")
    ordering = ("-updated_at",)
    date_hierarchy = "updated_at"
    list_per_page = 50
    readonly_fields = ("shown_state", "page", "source", "created_at", "updated_at")
    autocomplete_fields = ("translation_of",)
    actions = ("publish", "withdraw")
    list_select_related = ("tenant",)

    def get_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """Who belongs to no tenant says whose a new article is; others write for their own."""
        whose = ["tenant"] if obj is None and own_tenant(request) is None else []
        about = ["shown_state", "page", "created_at", "updated_at"] if obj else []
        imported = ["source"] if obj and obj.source else []
        written = ["title", "language", "category", "wordings", "body", "translation_of"]
        return [*whose, *written, "published", *about, *imported]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            return forms.CharField(
                max_length=80,
                required=False,
                label=_("category"),
                widget=CategoryInput(),
                help_text=_("Choose one that there is, or write a new one."),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_inlines(
        self, request: HttpRequest, obj: Article | None = None
    ) -> tuple[type[TabularInline], ...]:
        return (PassageInline,) if obj else ()

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        draft = services.Draft(
            title=obj.title,
            language=obj.language,
            body=obj.body,
            category=obj.category,
            wordings=tuple(line.strip() for line in obj.wordings.splitlines() if line.strip()),
            published=obj.published,
            translation_of=obj.translation_of,
        )
        tenant = obj.tenant if change else own_tenant(request) or obj.tenant
        services.save_article(tenant=tenant, draft=draft, article=obj, actor=actor_of(request))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[Any, Any, set[Any], Any]:
        """What is made of an article goes with it, though nobody may delete that by hand."""
        found, counts, _forbidden, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        services.delete_article(article=obj, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            self.delete_model(request, article)

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        chosen = _all(queryset, request, services.publish_articles)
        told = ngettext("%d article published.", "%d articles published.", len(chosen))
        messages.success(request, told % len(chosen))

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        chosen = _all(queryset, request, _withdraw)
        told = ngettext("%d article withdrawn.", "%d articles withdrawn.", len(chosen))
        messages.success(request, told % len(chosen))

    @admin.display(description=_("state"), ordering="published")
    def shown_state(self, article: Article) -> str:
        return str(article.state.label)

    @admin.display(description=_("page"))
    def page(self, article: Article) -> StrOrPromise:
        if not article.published:
            return _("not published")
        url = addresses.article_url(article.tenant.slug, article.slug)
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', url, article.slug)


@admin.register(Passage)
class PassageAdmin(VisibleRows, ReadOnly, ModelAdmin):
    list_display = ("article", "heading", "text", "content_hash")
    list_filter = ("article__language", "article__published")
    search_fields = ("heading", "text", "content_hash")
    list_select_related = ("article",)


@admin.register(Edition)
class EditionAdmin(ReadOnly, ModelAdmin):
    list_display = ("tenant", "token")


@services.publishing
def _all(
    articles: QuerySet[Article], request: HttpRequest, act: Callable[..., None]
) -> list[Article]:
    """Do it to all of them, or to none: some might end where this editor may not see them."""
    chosen = list(articles)
    act(articles=chosen, actor=actor_of(request))
    for article in chosen:
        keep_visible(article, request.user)
    return chosen


def _withdraw(*, articles: list[Article], actor: Actor) -> None:
    for article in articles:
        services.withdraw_article(article=article, actor=actor)
