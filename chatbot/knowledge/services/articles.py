from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from chatbot.knowledge import publication
from chatbot.knowledge.models import Article, ArticleVersion, Edition, Passage
from chatbot.knowledge.publication import publishing
from chatbot.knowledge.services.passages import renew_passages
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.changes import Values, stored_values_of, values_of
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.input_errors import field_error
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant

WRITTEN = ("title", "language", "category", "wordings", "body")  # what a version holds
_TOLD = (*WRITTEN, "slug", "published", "translation_of")  # what history tells of


class ArticleEmpty(InvalidInput):
    code = "article_empty"
    title = _("An article without a text can't be published.")
    hint = _("Write its text, or keep it as a draft.")


@dataclass(frozen=True)
class Draft:
    """What an editor writes. `wordings` are other ways to ask; no `slug`: one after the title."""

    title: str
    language: str
    body: str
    category: str = ""
    wordings: tuple[str, ...] = ()
    slug: str = ""
    published: bool = True
    translation_of: Article | None = None


@dataclass(frozen=True)
class Origin:
    """Where an import found an article, and the hash of what stood there."""

    source: str
    digest: str


@publishing
def save_article(
    *,
    tenant: Tenant,
    draft: Draft,
    article: Article | None = None,
    actor: Actor = SYSTEM,
    origin: Origin | None = None,
) -> Article:
    """Write a new article, or `article` anew; passages and a version follow in the transaction.

    QuotaExhausted if the tenant's plan allows no further one, ArticleEmpty for one that is to be
    published without a text, KnowledgeMoved, and whatever a guard of publication.py objects.
    """
    article = article or Article()
    before = _before(article)
    if not before:
        quotas.spend(tenant=tenant, metric=Metric.DOCUMENTS)
    _write(article, tenant, draft, origin)
    after = values_of(article, *_TOLD)
    renew_passages(article)
    if before != after:
        _keep_version(article, actor, before, after)
        Edition.renew(tenant)
        if article.published:
            _check_text(article)
            publication.check(tenant)
        _record(article, actor, before, after)
    return article


@publishing
def publish_articles(*, articles: Sequence[Article], actor: Actor = SYSTEM) -> None:
    """Answer from them and let them be opened, from now on; refused as by save_article, all or
    none. They are one tenant's."""
    for article in articles:
        if _set_published(article, True, "article.publish", actor):
            _check_text(article)
    if articles:
        publication.check(articles[0].tenant)


def publish_article(*, article: Article, actor: Actor = SYSTEM) -> None:
    """As publish_articles."""
    publish_articles(articles=[article], actor=actor)


@transaction.atomic
def withdraw_article(*, article: Article, actor: Actor = SYSTEM) -> None:
    """Keep it, but no longer answer from it nor show it."""
    _set_published(article, False, "article.withdraw", actor)


@publishing
def restore_version(*, version: ArticleVersion, actor: Actor = SYSTEM) -> Article:
    """Let the article read as it did then; whether it is published stays as it is."""
    article = version.article
    draft = replace(
        draft_of(article),
        title=version.title,
        language=version.language,
        body=version.body,
        category=version.category,
        wordings=tuple(version.wordings.splitlines()),
    )
    saved = save_article(tenant=article.tenant, draft=draft, article=article, actor=actor)
    audit.record(
        tenant=article.tenant,
        actor=actor,
        action="article.restore",
        target=article,
        data={"title": version.title, "version": version.number},
    )
    return saved


@transaction.atomic
def delete_article(*, article: Article, actor: Actor = SYSTEM) -> None:
    """Remove it for good; answers already given keep their quotes."""
    tenant, key, details = article.tenant, str(article.pk), {"title": article.title}
    gone, _ = article.delete()
    if gone:  # and not by someone else just now
        quotas.give_back(tenant=tenant, metric=Metric.DOCUMENTS)
    Edition.renew(tenant)
    audit.record(tenant=tenant, actor=actor, action="article.delete", target=key, data=details)


def draft_of(article: Article) -> Draft:
    """The article as it is, to be saved with some of it changed."""
    return Draft(
        title=article.title,
        language=article.language,
        body=article.body,
        category=article.category,
        wordings=tuple(article.wordings.splitlines()),
        published=article.published,
        translation_of=article.translation_of,
    )


def _before(article: Article) -> Values:
    """What is stored, {} for a new one; its row is locked: of two who save, one comes second."""
    if article.pk is None:
        return {}
    list(Article.objects.select_for_update().filter(pk=article.pk).values_list("pk"))
    return stored_values_of(article, *_TOLD)


def _write(article: Article, tenant: Tenant, draft: Draft, origin: Origin | None) -> None:
    article.tenant = tenant
    article.title, article.language, article.body = draft.title, draft.language, draft.body
    article.category = _spelled(tenant, draft.category)
    article.wordings = "\n".join(draft.wordings)
    article.slug = draft.slug or article.slug or _free_slug(tenant, draft.title)
    article.translation_of = _original(article, draft.translation_of)
    article.published = draft.published
    if draft.published and article.published_at is None:
        article.published_at = timezone.now()
    if origin is not None:
        article.source, article.source_hash = origin.source, origin.digest
    article.save()


def _spelled(tenant: Tenant, category: str) -> str:
    """The category as others of its name are written, so that there are not two of one."""
    wanted = " ".join(category.split())
    alike = Article.objects.filter(tenant=tenant, category__iexact=wanted).order_by("pk")
    known: str | None = alike.values_list("category", flat=True).first() if wanted else None
    return known or wanted


def _original(article: Article, other: Article | None) -> Article | None:
    """The one that all translations of it name; InvalidInput unless it is in another language."""
    if other is None:
        return None
    if other.tenant_id != article.tenant_id or other.language == article.language:
        message = _("Choose an article in another language.")
        raise InvalidInput(
            message,
            errors=[{"field": "translation_of", "code": "same_language", "message": str(message)}],
        )
    original = other.translation_of or other
    return None if original.pk == article.pk else original


def _keep_version(article: Article, actor: Actor, before: Values, after: Values) -> None:
    if all(before.get(name) == after[name] for name in WRITTEN):
        return
    last = ArticleVersion.objects.filter(article=article).order_by("-number").first()
    ArticleVersion.objects.create(
        tenant=article.tenant,
        article=article,
        number=last.number + 1 if last else 1,
        actor_kind=actor.kind,
        actor_label=actor.label[:160],
        **{name: getattr(article, name) for name in WRITTEN},
    )


def _record(article: Article, actor: Actor, before: Values, after: Values) -> None:
    audit.record(
        tenant=article.tenant,
        actor=actor,
        action="article.change" if before else "article.create",
        target=article,
        before=before,
        after=after,
        data={"title": article.title},
    )


def _set_published(article: Article, published: bool, action: str, actor: Actor) -> bool:
    """Whether that changes anything."""
    changed = Article.objects.filter(pk=article.pk).exclude(published=published)
    article.published = published
    if published:
        article.published_at = article.published_at or timezone.now()
    if not changed.update(published=published, published_at=article.published_at):
        return False
    Edition.renew(article.tenant)
    audit.record(tenant=article.tenant, actor=actor, action=action, target=article)
    return True


def _check_text(article: Article) -> None:
    if not Passage.objects.filter(article=article).exists():
        raise ArticleEmpty(errors=[field_error("body", "text_blank")])


def _free_slug(tenant: Tenant, title: str) -> str:
    wanted = slugify(title, allow_unicode=True)[:100] or public_id()
    alike = Article.objects.filter(tenant=tenant, slug__startswith=wanted)
    taken = set(alike.values_list("slug", flat=True))
    endings = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *endings) if slug not in taken)
