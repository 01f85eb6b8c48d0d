from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from chatbot.knowledge import passages
from chatbot.knowledge.models import Article, Edition, Passage
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.kernel.ids import public_id
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant


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


@transaction.atomic
def save_article(
    *, tenant: Tenant, draft: Draft, article: Article | None = None, actor: Actor = SYSTEM
) -> Article:
    """Write a new article, or `article` anew; its passages follow in the same transaction.

    QuotaExhausted if the tenant's plan allows no further one.
    """
    article = article or Article()
    known = article.pk is not None
    if not known:
        quotas.spend(tenant=tenant, metric=Metric.DOCUMENTS)
    before = stored_values_of(article)
    article.tenant = tenant
    article.title, article.language, article.body = draft.title, draft.language, draft.body
    article.category, article.published = draft.category, draft.published
    article.wordings = "\n".join(draft.wordings)
    article.slug = draft.slug or article.slug or _free_slug(tenant, draft.title)
    article.save()
    _renew_passages(article)
    Edition.renew(tenant)
    action = "article.change" if known else "article.create"
    audit.record(
        tenant=tenant,
        actor=actor,
        action=action,
        target=article,
        before=before,
        after=values_of(article),
        data={"title": draft.title},
    )
    return article


@transaction.atomic
def publish_article(*, article: Article, actor: Actor = SYSTEM) -> None:
    """Answer from it and let it be opened, from now on."""
    _set_published(article, True, "article.publish", actor)


@transaction.atomic
def withdraw_article(*, article: Article, actor: Actor = SYSTEM) -> None:
    """Keep it, but no longer answer from it nor show it."""
    _set_published(article, False, "article.withdraw", actor)


@transaction.atomic
def delete_article(*, article: Article, actor: Actor = SYSTEM) -> None:
    """Remove it for good; answers already given keep their quotes."""
    tenant, key, details = article.tenant, str(article.pk), {"title": article.title}
    gone, _ = article.delete()
    if gone:  # and not by someone else just now
        quotas.give_back(tenant=tenant, metric=Metric.DOCUMENTS)
    Edition.renew(tenant)
    audit.record(tenant=tenant, actor=actor, action="article.delete", target=key, data=details)


def _set_published(article: Article, published: bool, action: str, actor: Actor) -> None:
    changed = Article.objects.filter(pk=article.pk).exclude(published=published)
    article.published = published
    if not changed.update(published=published):
        return
    Edition.renew(article.tenant)
    audit.record(tenant=article.tenant, actor=actor, action=action, target=article)


def _renew_passages(article: Article) -> None:
    """Passages whose words stayed keep their ids: answers refer to them."""
    kept: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in Passage.objects.filter(article=article).order_by("-ordinal"):
        kept[passage.content_hash].append(passage)
    for ordinal, section in enumerate(passages.split(article.body)):
        known = kept[section.content_hash]
        passage = known.pop() if known else Passage(tenant=article.tenant, article=article)
        passage.heading, passage.text, passage.ordinal = section.heading, section.text, ordinal
        passage.content_hash = section.content_hash
        passage.save()
    gone = [passage.pk for left in kept.values() for passage in left]
    Passage.objects.filter(pk__in=gone).delete()


def _free_slug(tenant: Tenant, title: str) -> str:
    wanted = slugify(title, allow_unicode=True)[:100] or public_id()
    alike = Article.objects.filter(tenant=tenant, slug__startswith=wanted)
    taken = set(alike.values_list("slug", flat=True))
    endings = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *endings) if slug not in taken)
