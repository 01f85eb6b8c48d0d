from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection

from chatbot.evaluation import guard, measures, subjects
from chatbot.evaluation.guard import QualityDropped
from chatbot.evaluation.models import QuestionSet
from chatbot.evaluation.runtime_settings import EvaluationSettings
from chatbot.evaluation.subjects import knowledge_with
from chatbot.evaluation.tests.factories import case, question_set
from chatbot.knowledge import publication
from chatbot.knowledge.embedders.tests.letters import Letters, have
from chatbot.knowledge.index import passages
from chatbot.knowledge.indexing import embed_what_is_new
from chatbot.knowledge.models import Article, Passage
from chatbot.knowledge.selectors import search_passages
from chatbot.knowledge.services import Draft, publish_article, publish_articles, save_article
from chatbot.knowledge.tests.factories import write
from chatplatform.configuration.services import change
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from tests.cast import person

RETURNS = "How do I return an item?"


@pytest.fixture
def guarded(in_tenant: Tenant) -> Tenant:
    admin = person(in_tenant, "admin", role="administrator")
    change(group=EvaluationSettings, values={"guards_publishing": True}, by=admin, tenant=in_tenant)
    from chatplatform.configuration import memory

    memory.refresh()
    return in_tenant


@pytest.fixture
def returns(guarded: Tenant) -> Article:
    article = write(guarded, RETURNS, "Within 15 days, press Return.")
    write(guarded, "How long does delivery take?", "Two to four working days.")
    case(question_set(guarded), "how can i return my item", article)
    return article


def rewrite(article: Article, title: str, body: str) -> None:
    draft = Draft(title, "en", body, published=True)
    save_article(tenant=article.tenant, draft=draft, article=article)


def test_what_would_lose_a_right_answer_is_not_published(guarded: Tenant, returns: Article) -> None:
    rewrite(returns, RETURNS, "Within 15 days, press Return, please.")
    with pytest.raises(QualityDropped) as refused:
        rewrite(returns, "Opening hours", "From nine to six.")
    assert refused.value.extra["lost"] == ["how can i return my item"]
    assert "how can i return my item" in str(refused.value.detail)
    assert Article.objects.get(pk=returns.pk).title == RETURNS
    assert search_passages(guarded, RETURNS, language="en")[0].entry.title == RETURNS


def test_the_first_publication_is_compared_with_what_is_published(
    guarded: Tenant, returns: Article
) -> None:
    with pytest.raises(QualityDropped):
        rewrite(returns, "Opening hours", "From nine to six.")


def test_what_was_never_right_cannot_be_lost(guarded: Tenant, returns: Article) -> None:
    case(QuestionSet.objects.get(), "opening hours", returns)
    rewrite(returns, RETURNS, "Within 15 days, press Return, please.")


def test_nothing_is_locked_while_it_is_measured(
    transactional_db: None, guarded: Tenant, returns: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    ask = measures.ask

    def watched(*given: Any) -> list[measures.Result]:
        seen.append(connection.in_atomic_block)
        return ask(*given)

    monkeypatch.setattr(measures, "ask", watched)
    rewrite(returns, RETURNS, "Within 15 days, press Return, please.")
    assert seen == [False, False]
    assert Article.objects.get(pk=returns.pk).body.endswith("please.")


@pytest.mark.parametrize("times", [1, publication.TRIES])
def test_what_others_publish_meanwhile_is_measured_too(
    guarded: Tenant, returns: Article, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    measured: list[int] = []

    def moving(tenant: Tenant, rows: Sequence[Passage]) -> None:
        measured.append(len(rows))
        if len(measured) <= times:
            others = Article.objects.exclude(pk=returns.pk)
            others.update(title=f"How long does delivery take? {len(measured)}")

    monkeypatch.setattr(guard, "compare", moving)
    if times < publication.TRIES:
        rewrite(returns, RETURNS, "Press Return, please.")
    else:
        with pytest.raises(publication.KnowledgeMoved) as refused:
            rewrite(returns, RETURNS, "Press Return, please.")
        assert refused.value.status == 409
    assert len(measured) == min(times + 1, publication.TRIES - 1)


def test_many_at_once_are_measured_once(
    guarded: Tenant, returns: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []
    monkeypatch.setattr(guard, "compare", lambda tenant, rows: measured.append(len(rows)))
    drafts = [write(guarded, f"Matter {n}", "Such.", published=False) for n in range(3)]
    publish_articles(articles=drafts)
    assert measured == [5]


def test_new_words_are_found_by_meaning_before_they_are_published(
    guarded: Tenant, returns: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they will be: else whatever is rewritten would seem to lose answers."""
    letters = Letters()
    have(monkeypatch, letters)
    monkeypatch.setattr(subjects, "embedder_of", lambda tenant: letters)
    embed_what_is_new()
    rows = passages()
    rows[0].text = "Within 15 days, press Return, please."
    shelf = knowledge_with(guarded, rows).catalogue.shelves["en"]
    assert shelf.meaning is not None
    assert shelf.meaning.present.all()


def test_a_new_article_that_takes_another_ones_question_is_refused(
    guarded: Tenant, returns: Article
) -> None:
    rewrite(returns, RETURNS, "Press Return.")
    rival = write(guarded, "How can I return my item?", "Never.", published=False)
    with pytest.raises(QualityDropped):
        publish_article(article=rival)
    assert not Article.objects.get(pk=rival.pk).published


def test_a_set_that_does_not_guard_is_not_asked(guarded: Tenant, returns: Article) -> None:
    rewrite(returns, RETURNS, "Press Return.")
    QuestionSet.objects.update(guards=False)
    rewrite(returns, "Opening hours", "From nine to six.")


def test_without_the_setting_nothing_is_asked(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        article = write(tenant, RETURNS)
        case(question_set(tenant), RETURNS, article)
        rewrite(article, RETURNS, "Press Return.")
        rewrite(article, "Opening hours", "From nine to six.")
