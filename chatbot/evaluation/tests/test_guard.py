import pytest

from chatbot.evaluation.guard import QualityDropped
from chatbot.evaluation.models import EvaluationRun, QuestionSet
from chatbot.evaluation.runtime_settings import EvaluationSettings
from chatbot.evaluation.tests.factories import case, question_set
from chatbot.knowledge.models import Article
from chatbot.knowledge.selectors import search_passages
from chatbot.knowledge.services import Draft, publish_article, save_article
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


def test_what_was_never_right_cannot_be_lost(guarded: Tenant, returns: Article) -> None:
    rewrite(returns, "Opening hours", "From nine to six.")
    assert EvaluationRun.objects.get().results[0]["right"] is False


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
        assert not EvaluationRun.objects.exists()
