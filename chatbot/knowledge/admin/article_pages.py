"""What stands around an article's form: its versions, who relied on it, what would help it."""

from typing import Any, NamedTuple

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from chatbot.knowledge import answers, suggestions
from chatbot.knowledge.admin.acting import actor_of, told
from chatbot.knowledge.differences import FieldChange, Line, fields_changed, text_changes
from chatbot.knowledge.models import Article, ArticleVersion, OpenQuestion
from chatbot.knowledge.services import add_wordings, attach_question, restore_version
from chatplatform.audit import words

SHOWN = 20  # versions a page


class VersionRow(NamedTuple):
    """A version with what it changed in the one before."""

    version: ArticleVersion
    by: str
    fields: list[FieldChange]
    wordings: list[Line]
    lines: list[Line]
    is_present: bool


class ArticlePages:
    """Mixin of the article's admin: further pages of one article, and what its form shows."""

    change_form_outer_after_template = "knowledge/article_around.html"

    class Media:
        css = {"all": ("knowledge/admin.css",)}

    def get_urls(self: Any) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        pages = [
            path(
                "<path:object_id>/versions/",
                wrap(self.versions_view),
                name="knowledge_article_versions",
            ),
            path(
                "<path:object_id>/restore/",
                wrap(self.restore_view),
                name="knowledge_article_restore",
            ),
            path(
                "<path:object_id>/wording/",
                wrap(self.wording_view),
                name="knowledge_article_wording",
            ),
        ]
        return [*pages, *super().get_urls()]  # type: ignore[misc]

    def change_view(
        self: Any,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        article: Article = self.get_object(request, unquote(object_id))
        around = {
            "article": article,
            "version_count": ArticleVersion.objects.filter(article=article).count(),
            "relied": answers.reliances(article, request.user),
            "may_see_conversations": request.user.has_perm("conversations.view_conversation"),
            "may_change": self.has_change_permission(request, article),
            "suggested": suggestions.suggested_wordings(article, request.user),
            "duplicates": suggestions.likely_duplicates(article),
        }
        context = {**(extra_context or {}), **around}
        shown: HttpResponse = super().change_view(request, object_id, form_url, context)  # type: ignore[misc]
        return shown

    def versions_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """The last versions, each with what it changed."""
        article = self._opened(request, object_id, change=False)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": _("Versions of “%(title)s”") % {"title": article.title},
            "article": article,
            "rows": _rows(article),
            "may_change": self.has_change_permission(request, article),
        }
        return TemplateResponse(request, "knowledge/versions.html", context)

    def restore_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        article = self._opened(request, object_id, change=True)
        version = _version(article, request.POST.get("version", ""))
        done = _("Version %(number)s is restored.") % {"number": version.number}
        told(request, lambda: restore_version(version=version, actor=actor_of(request)), done)
        return redirect("admin:knowledge_article_change", article.pk)

    def wording_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Add what customers asked to the article's other wordings."""
        article = self._opened(request, object_id, change=True)
        text, actor = request.POST.get("text", "").strip(), actor_of(request)
        question = _open_question(request)

        def add() -> None:
            if question is not None:
                attach_question(question=question, article=article, actor=actor)
            elif text:
                add_wordings(article=article, wordings=[text], actor=actor)

        told(request, add, _("The article is found by it from now on."))
        return redirect("admin:knowledge_article_change", article.pk)

    def _opened(self: Any, request: HttpRequest, object_id: str, *, change: bool) -> Article:
        """The article, if the reader may see it, and change it by posting where that is asked."""
        article: Article = self.get_object(request, unquote(object_id))
        may = self.has_change_permission if change else self.has_view_or_change_permission
        if not may(request, article) or (change and request.method != "POST"):
            raise PermissionDenied
        return article


def _rows(article: Article) -> list[VersionRow]:
    found = ArticleVersion.objects.filter(article=article).order_by("-number")[: SHOWN + 1]
    versions: list[ArticleVersion | None] = [*found]
    pairs = zip(versions, [*versions[1:], None], strict=True)
    return [
        VersionRow(
            version,
            version.actor_label or words.kind_name(version.actor_kind),
            fields_changed(before, version),
            text_changes(before.wordings if before else "", version.wordings),
            text_changes(before.body if before else "", version.body),
            is_present=version is versions[0],
        )
        for version, before in pairs
        if version is not None
    ][:SHOWN]


def _version(article: Article, number: str) -> ArticleVersion:
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404
    found = ArticleVersion.objects.select_related("article__tenant", "article__translation_of")
    version: ArticleVersion | None = found.filter(article=article, number=int(number)).first()
    if version is None:
        raise Http404
    return version


def _open_question(request: HttpRequest) -> OpenQuestion | None:
    key = request.POST.get("question", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    seen = OpenQuestion.objects.visible_to(request.user)
    found: OpenQuestion | None = seen.filter(pk=int(key)).first()
    return found
