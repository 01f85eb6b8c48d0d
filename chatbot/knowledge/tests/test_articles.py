import pytest

from chatbot.knowledge.demo import demo_drafts, seed_demo_articles
from chatbot.knowledge.models import Article, Edition, Passage
from chatbot.knowledge.services import (
    Draft,
    delete_article,
    publish_article,
    save_article,
    withdraw_article,
)
from chatbot.knowledge.tests.factories import write
from chatplatform.audit.models import AuditEntry
from chatplatform.tenants.models import Tenant


def edition() -> str:
    return str(Edition.objects.get().token)


def test_an_article_is_saved_with_its_passages_and_an_audit_line(in_tenant: Tenant) -> None:
    article = write(in_tenant, "Fees", "Intro.\n\n## Abroad\n\nMore.")
    found = Passage.objects.filter(article=article).order_by("ordinal")
    assert [(p.ordinal, p.heading, p.text) for p in found] == [
        (0, "", "Intro."),
        (1, "Abroad", "More."),
    ]
    assert article.slug == "fees"
    assert AuditEntry.objects.filter(action="article.create", target_id=str(article.pk)).exists()


def test_history_tells_what_changed_in_an_article(in_tenant: Tenant) -> None:
    article = write(in_tenant, "Fees", "Old words.")
    draft = Draft("Fees", article.language, "New words.", category=article.category)
    save_article(tenant=in_tenant, draft=draft, article=article)
    line = AuditEntry.objects.get(action="article.change")
    assert (line.before["body"], line.after["body"]) == ("Old words.", "New words.")
    assert "title" not in line.after


def test_passages_whose_words_stay_keep_their_ids(in_tenant: Tenant) -> None:
    article = write(in_tenant, "Fees", "## A\n\nStays.\n\n## B\n\nGoes.")
    stays, goes = Passage.objects.filter(article=article).order_by("ordinal")
    draft = Draft("Fees", "en", "## C\n\nNew.\n\n## A\n\nStays.")
    save_article(tenant=in_tenant, draft=draft, article=article)
    now = list(Passage.objects.filter(article=article).order_by("ordinal"))
    assert [passage.heading for passage in now] == ["C", "A"]
    assert now[1].pk == stays.pk
    assert goes.pk not in [passage.pk for passage in now]


def test_the_same_words_twice_are_two_passages(in_tenant: Tenant) -> None:
    twice = Draft("Fees", "en", "## A\n\nSame.\n\n## A\n\nSame.")
    article = save_article(tenant=in_tenant, draft=twice)
    assert Passage.objects.filter(article=article).count() == 2
    save_article(tenant=in_tenant, draft=twice, article=article)
    assert Passage.objects.filter(article=article).count() == 2
    save_article(tenant=in_tenant, draft=Draft("Fees", "en", "## A\n\nSame."), article=article)
    assert Passage.objects.filter(article=article).count() == 1


@pytest.mark.parametrize("change", ["save", "withdraw", "publish", "delete"])
def test_whatever_changes_what_is_published_makes_a_new_edition(
    in_tenant: Tenant, change: str
) -> None:
    article = write(in_tenant, published=change != "publish")
    before = edition()
    if change == "save":
        save_article(tenant=in_tenant, draft=Draft("New", "en", "Text."), article=article)
    else:
        action = {
            "withdraw": withdraw_article,
            "publish": publish_article,
            "delete": delete_article,
        }
        action[change](article=article)
    assert edition() != before


def test_publishing_what_is_published_changes_nothing(in_tenant: Tenant) -> None:
    article = write(in_tenant)
    before = edition()
    publish_article(article=article)
    assert edition() == before


def test_two_articles_of_one_title_get_two_addresses(in_tenant: Tenant) -> None:
    assert [write(in_tenant, "运费 怎么算？").slug for _ in range(3)] == [
        "运费-怎么算",
        "运费-怎么算-2",
        "运费-怎么算-3",
    ]
    assert write(in_tenant, "？？？").slug


def test_the_demo_knowledge_base_stands_in_both_languages(in_tenant: Tenant) -> None:
    drafts = demo_drafts()
    assert seed_demo_articles(in_tenant) == len(drafts) == Article.objects.count()
    for language in ("en", "zh-hans"):
        assert Article.objects.filter(language=language, published=True).count() >= 20
    assert {draft.slug.removesuffix("-zh") for draft in drafts if draft.language == "zh-hans"} == {
        draft.slug for draft in drafts if draft.language == "en"
    }


def test_seeding_again_writes_nothing_and_keeps_what_was_edited(in_tenant: Tenant) -> None:
    seed_demo_articles(in_tenant)
    article = Article.objects.get(slug="delivery-time")
    save_article(tenant=in_tenant, draft=Draft("Ours now", "en", "Edited."), article=article)
    assert seed_demo_articles(in_tenant) == 0
    assert Article.objects.get(slug="delivery-time").title == "Ours now"
