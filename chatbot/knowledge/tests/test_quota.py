"""How many articles a plan allows."""

import pytest

from chatbot.conversations.tests.racing import together
from chatbot.knowledge.models import Article
from chatbot.knowledge.services import Draft, delete_article, save_article
from chatbot.knowledge.tests.factories import write
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.quotas import QuotaExhausted
from chatplatform.tenants.usage import usage_of


def used(tenant: Tenant) -> int | None:
    return next(line.used for line in usage_of(tenant) if line.metric is Metric.DOCUMENTS)


def test_the_plan_ends_with_its_last_article(in_tenant: Tenant) -> None:
    in_tenant.limits = {"documents": 2}
    first = write(in_tenant, "One")
    write(in_tenant, "Two")
    with pytest.raises(QuotaExhausted):
        write(in_tenant, "Three")
    assert Article.objects.count() == used(in_tenant) == 2
    save_article(tenant=in_tenant, draft=Draft("One", "en", "Anew."), article=first)
    delete_article(article=first)
    write(in_tenant, "Three")
    assert used(in_tenant) == 2


def test_what_was_written_before_anybody_counted_counts(in_tenant: Tenant) -> None:
    for number in range(3):
        Article.objects.create(tenant=in_tenant, title="Old", language="en", slug=f"old-{number}")
    assert used(in_tenant) == 3
    in_tenant.limits = {"documents": 4}
    write(in_tenant, "New")
    with pytest.raises(QuotaExhausted):
        write(in_tenant, "Newer")


def test_an_article_deleted_twice_is_given_back_once(in_tenant: Tenant) -> None:
    first = write(in_tenant, "One")
    write(in_tenant, "Two")
    again = Article.objects.get(pk=first.pk)
    delete_article(article=first)
    delete_article(article=again)
    assert used(in_tenant) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_editors_do_not_pass_the_limit_together(tenant: Tenant) -> None:
    tenant.limits = {"documents": 1}
    draft = Draft("One", "en", "Text.")
    results = together(
        tenant, *[lambda: save_article(tenant=tenant, draft=draft) for _ in range(2)]
    )
    assert sum(isinstance(result, QuotaExhausted) for result in results) == 1
    with tenant_scope(tenant):
        assert Article.objects.count() == 1
