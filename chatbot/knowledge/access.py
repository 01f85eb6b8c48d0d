"""The only doors for ids from outside: fetch and authorise."""

from django.utils.translation import gettext_lazy as _

from chatbot.knowledge.models import Article, ImportJob
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotFound, PermissionRefused


class UnknownArticle(NotFound):
    code = "unknown_article"
    title = _("There is no such article.")


class UnknownImport(NotFound):
    code = "unknown_import"
    title = _("There is no such import.")


def check_may(user: User, permission: str) -> None:
    """PermissionRefused unless the user has "knowledge.{permission}"."""
    if not user.has_perm(f"knowledge.{permission}"):
        raise PermissionRefused(_("Your roles do not allow this in the knowledge base."))


def access_article(*, user: User, key: int, permission: str) -> Article:
    """The article, if the user may see it and has the permission; UnknownArticle otherwise."""
    check_may(user, permission)
    seen = Article.objects.visible_to(user).select_related("tenant__plan", "translation_of")
    article: Article | None = seen.filter(pk=key).first() if key < 2**63 else None
    if article is None:
        raise UnknownArticle
    return article


def access_import(*, user: User, key: int) -> ImportJob:
    """The import, if the user may see it; UnknownImport otherwise."""
    check_may(user, "view_importjob")
    seen = ImportJob.objects.visible_to(user)
    job: ImportJob | None = seen.filter(pk=key).first() if key < 2**63 else None
    if job is None:
        raise UnknownImport
    return job
