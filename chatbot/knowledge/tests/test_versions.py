from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from chatbot.knowledge import publication
from chatbot.knowledge.models import Article, ArticleVersion, Passage
from chatbot.knowledge.selectors import search_passages
from chatbot.knowledge.services import (
    ArticleEmpty,
    Draft,
    guarded_by,
    publish_article,
    restore_version,
    save_article,
    withdraw_article,
)
from chatbot.knowledge.tests.factories import write
from chatplatform.audit.actors import Actor
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import Conflict, InvalidInput
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant

DRAFT = Draft("Fees", "en", "Eight.", "Delivery", ("Postage?",))
EVA = Actor("user", "7", "eva")


def saved(tenant: Tenant, draft: Draft = DRAFT, article: Article | None = None) -> Article:
    return save_article(tenant=tenant, draft=draft, article=article, actor=EVA)


def test_every_save_keeps_how_it_reads_and_whose_it_is(in_tenant: Tenant) -> None:
    article = saved(in_tenant)
    saved(in_tenant, Draft("Costs", "en", "Nine.", "Money"), article)
    assert [
        (each.number, each.title, each.body, each.category, each.wordings, each.actor_label)
        for each in ArticleVersion.objects.order_by("number")
    ] == [
        (1, "Fees", "Eight.", "Delivery", "Postage?", "eva"),
        (2, "Costs", "Nine.", "Money", "", "eva"),
    ]


def test_a_save_without_a_change_leaves_nothing_behind(in_tenant: Tenant) -> None:
    article = saved(in_tenant)
    lines = AuditEntry.objects.count()
    saved(in_tenant, article=article)
    assert (ArticleVersion.objects.count(), AuditEntry.objects.count()) == (1, lines)


def test_publishing_is_no_new_version(in_tenant: Tenant) -> None:
    article = saved(in_tenant, replace(DRAFT, published=False))
    publish_article(article=article)
    saved(in_tenant, replace(DRAFT, published=False), article)
    assert ArticleVersion.objects.count() == 1


def test_an_earlier_version_can_be_restored(in_tenant: Tenant) -> None:
    article = saved(in_tenant)
    kept = Passage.objects.get()
    saved(in_tenant, Draft("Costs", "zh-hans", "九元。", published=False), article)
    restore_version(version=ArticleVersion.objects.get(number=1), actor=EVA)
    article.refresh_from_db()
    assert (article.title, article.language, article.body, article.wordings) == (
        *("Fees", "en", "Eight."),
        "Postage?",
    )
    assert article.state == "withdrawn"  # that is not a matter of versions
    assert article.slug == "fees"
    assert ArticleVersion.objects.count() == 3
    assert Passage.objects.get().content_hash == kept.content_hash
    line = AuditEntry.objects.get(action="article.restore")
    assert (line.data["version"], line.actor_label) == (1, "eva")


def test_what_is_withdrawn_differs_from_a_draft(in_tenant: Tenant) -> None:
    article = saved(in_tenant, replace(DRAFT, published=False))
    assert article.state == "draft"
    publish_article(article=article)
    assert Article.objects.get().state == "published"
    withdraw_article(article=article)
    assert Article.objects.get().state == "withdrawn"


def test_a_category_is_spelled_as_it_was_first(in_tenant: Tenant) -> None:
    saved(in_tenant, replace(DRAFT, category="Delivery"))
    other = saved(in_tenant, replace(DRAFT, title="Other", category="  delivery "))
    assert other.category == "Delivery"
    assert saved(in_tenant, replace(DRAFT, title="New", category="Gift   cards")).category == (
        "Gift cards"
    )


@pytest.mark.parametrize("body", ["", "  \n", "## Heading only"])
def test_an_empty_article_stays_a_draft(in_tenant: Tenant, body: str) -> None:
    with pytest.raises(ArticleEmpty):
        saved(in_tenant, replace(DRAFT, body=body))
    assert not Article.objects.exists()
    article = saved(in_tenant, replace(DRAFT, body=body, published=False))
    with pytest.raises(ArticleEmpty):
        publish_article(article=article)
    assert Article.objects.get().state == "draft"


# -- translations


def test_translations_name_one_original(in_tenant: Tenant) -> None:
    original = saved(in_tenant)
    chinese = Draft("运费", "zh-hans", "八元。", translation_of=original)
    assert saved(in_tenant, chinese).translation_of == original
    other = saved(
        in_tenant,
        Draft("Postage", "en", "8.", translation_of=Article.objects.get(language="zh-hans")),
    )
    assert other.translation_of == original


def test_a_translation_is_in_another_language_of_the_same_company(
    in_tenant: Tenant, other_tenant: Tenant
) -> None:
    original, theirs = saved(in_tenant), write(other_tenant, "Theirs", language="zh-hans")
    for wrong in (original, theirs):
        with pytest.raises(InvalidInput):
            saved(in_tenant, replace(DRAFT, title="Other", translation_of=wrong))


# -- guards


class NotGoodEnough(Conflict):
    code = "not_good_enough"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What a guard saw: each title, and how many passages a search for it would find."""
    seen: list[tuple[str, int]] = []

    def guard(tenant: Tenant) -> None:
        article = Article.objects.get()
        found = search_passages(tenant, article.title, language=article.language)
        seen.append((article.title, len(found)))
        if article.title == "Bad":
            raise NotGoodEnough

    monkeypatch.setattr(publication, "_guards", {})
    guarded_by("test", guard)
    return seen


def test_a_guard_sees_what_would_be_published(
    in_tenant: Tenant, asked: list[tuple[str, int]]
) -> None:
    article = saved(in_tenant, replace(DRAFT, published=False))
    assert asked == []
    publish_article(article=article)
    saved(in_tenant, replace(DRAFT, title="Costs"), article)
    saved(in_tenant, replace(DRAFT, title="Costs"), article)
    withdraw_article(article=article)
    assert asked == [("Fees", 1), ("Costs", 1)]


@pytest.mark.parametrize("by", ["saving", "publishing", "restoring"])
def test_a_guard_takes_everything_back(
    in_tenant: Tenant, asked: list[tuple[str, int]], by: str
) -> None:
    article = saved(in_tenant, replace(DRAFT, title="Bad", published=False))
    act: dict[str, Any] = {
        "saving": lambda: saved(in_tenant, replace(DRAFT, title="Bad"), article),
        "publishing": lambda: publish_article(article=article),
        "restoring": lambda: restore_version(version=ArticleVersion.objects.get(number=1)),
    }
    if by == "restoring":
        saved(in_tenant, DRAFT, article)
    with pytest.raises(NotGoodEnough):
        act[by]()
    stored = Article.objects.get()
    assert stored.title == ("Fees" if by == "restoring" else "Bad")
    assert search_passages(in_tenant, "Bad", language="en") == []


def test_an_article_from_before_there_were_versions_gets_its_first(in_tenant: Tenant) -> None:
    old, draft = saved(in_tenant), saved(in_tenant, replace(DRAFT, title="New", published=False))
    ArticleVersion.objects.all().delete()
    Article.objects.update(published_at=None)
    migration = import_module("chatbot.knowledge.migrations.0003_versions_and_imports")
    with all_tenants():
        migration.begin_histories(apps, None)
    (first,) = ArticleVersion.objects.filter(article=old)
    assert (first.number, first.title, first.body, first.wordings) == (
        1,
        "Fees",
        "Eight.",
        "Postage?",
    )
    assert (first.actor_kind, first.created_at) == ("system", old.updated_at)
    old.refresh_from_db()
    draft.refresh_from_db()
    assert (old.published_at, draft.published_at) == (old.created_at, None)
    saved(in_tenant, replace(DRAFT, body="Nine."), old)
    assert list(old.versions.values_list("number", flat=True)) == [2, 1]
