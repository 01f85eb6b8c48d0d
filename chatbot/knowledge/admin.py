from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise
from unfold.admin import TabularInline

from chatbot.knowledge import addresses, services
from chatbot.knowledge.models import Article, Edition, Passage
from chatplatform.audit.actors import Actor
from chatplatform.kernel.admin import ModelAdmin, ReadOnly, VisibleRows
from chatplatform.kernel.visibility import keep_visible


class PassageInline(ReadOnly, TabularInline):  # type: ignore[misc]
    model = Passage
    fields = ("ordinal", "heading", "text")
    verbose_name_plural = _("passages the assistant may quote")
    extra = 0


@admin.register(Article)
class ArticleAdmin(VisibleRows, ModelAdmin):
    list_display = ("title", "language", "category", "published", "updated_at", "page")
    list_filter = ("language", "published", "category")
    search_fields = ("title", "wordings", "body")
    ordering = ("-updated_at",)
    date_hierarchy = "updated_at"
    list_per_page = 50
    readonly_fields = ("page", "created_at", "updated_at")
    actions = ("publish", "withdraw")
    list_select_related = ("tenant",)

    def get_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """Who belongs to no tenant says whose a new article is; others write for their own."""
        whose = ["tenant"] if obj is None and _tenant_of(request) is None else []
        about = ["page", "created_at", "updated_at"] if obj else []
        return [*whose, "title", "language", "category", "wordings", "body", "published", *about]

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
        )
        tenant = obj.tenant if change else _tenant_of(request) or obj.tenant
        services.save_article(tenant=tenant, draft=draft, article=obj, actor=_actor(request))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[Any, Any, set[Any], Any]:
        """Passages go with their article, though nobody may delete them by hand."""
        found, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return found, counts, forbidden - {Passage._meta.verbose_name}, protected

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        services.delete_article(article=obj, actor=_actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            self.delete_model(request, article)

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        chosen = _each(queryset, request, services.publish_article)
        told = ngettext("%d article published.", "%d articles published.", len(chosen))
        messages.success(request, told % len(chosen))

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        chosen = _each(queryset, request, services.withdraw_article)
        told = ngettext("%d article withdrawn.", "%d articles withdrawn.", len(chosen))
        messages.success(request, told % len(chosen))

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


@transaction.atomic
def _each(
    articles: QuerySet[Article], request: HttpRequest, act: Callable[..., None]
) -> list[Article]:
    """Do it to all of them, or to none: some might end where this editor may not see them."""
    chosen = list(articles)
    for article in chosen:
        act(article=article, actor=_actor(request))
        keep_visible(article, request.user)
    return chosen


def _tenant_of(request: HttpRequest) -> Any:
    return getattr(request.user, "tenant", None)


def _actor(request: HttpRequest) -> Actor:
    return Actor("user", str(request.user.pk), request.user.get_username())
