import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from chatbot.knowledge.index import catalogues
from chatbot.knowledge.selectors import search_passages, starter_topics
from chatbot.knowledge.services import delete_article, withdraw_article
from chatbot.knowledge.tests.factories import write
from chatplatform.tenants.models import Tenant


def titles(tenant: Tenant, question: str, language: str = "en") -> list[str]:
    return [found.entry.title for found in search_passages(tenant, question, language=language)]


def test_what_is_saved_is_found_and_what_is_withdrawn_is_not(in_tenant: Tenant) -> None:
    article = write(in_tenant, "How long does delivery take?")
    assert titles(in_tenant, "delivery") == ["How long does delivery take?"]
    other = write(in_tenant, "Delivery abroad")
    assert len(titles(in_tenant, "delivery")) == 2
    withdraw_article(article=article)
    assert titles(in_tenant, "delivery") == ["Delivery abroad"]
    delete_article(article=other)
    assert titles(in_tenant, "delivery") == []


def test_a_tenant_finds_its_own_articles_only(in_tenant: Tenant, other_tenant: Tenant) -> None:
    write(in_tenant, "Delivery of ours")
    write(other_tenant, "Delivery of theirs")
    assert titles(in_tenant, "delivery") == ["Delivery of ours"]
    assert titles(other_tenant, "delivery") == ["Delivery of theirs"]


def test_articles_are_found_in_the_language_asked_in(in_tenant: Tenant) -> None:
    write(in_tenant, "How do I pay with PayPal?")
    write(in_tenant, "怎么用 PayPal 付款？", "可以。", language="zh-hans")
    assert titles(in_tenant, "PayPal", "zh-hans") == ["怎么用 PayPal 付款？"]
    assert titles(in_tenant, "PayPal", "en") == ["How do I pay with PayPal?"]


def test_without_an_article_in_that_language_the_others_are_searched(in_tenant: Tenant) -> None:
    write(in_tenant, "How do I pay with PayPal?")
    assert titles(in_tenant, "可以用PayPal吗", "zh-hans") == ["How do I pay with PayPal?"]


def test_an_article_of_many_passages_is_named_once(in_tenant: Tenant) -> None:
    write(in_tenant, "Delivery", "## Here\n\nTwo days.\n\n## Abroad\n\nTen days.")
    found = search_passages(in_tenant, "delivery abroad", language="en")
    assert [(f.entry.title, f.entry.text) for f in found] == [("Delivery", "Ten days.")]


def test_starter_topics_come_from_different_categories(in_tenant: Tenant) -> None:
    for number, category in enumerate(["a", "a", "b", "c", "d"]):
        write(in_tenant, f"Title {number}", category=category)
    assert starter_topics(in_tenant, language="en") == ["Title 0", "Title 2", "Title 3"]


def test_a_search_in_a_known_edition_costs_one_query(
    in_tenant: Tenant, django_assert_num_queries: object
) -> None:
    write(in_tenant)
    titles(in_tenant, "delivery")
    with django_assert_num_queries(1):  # type: ignore[operator]
        titles(in_tenant, "delivery")


@pytest.mark.django_db(transaction=True)
def test_many_threads_search_while_the_knowledge_changes(tenant: Tenant) -> None:
    write(tenant, "Delivery")
    started = threading.Barrier(9)

    def search() -> set[int]:
        started.wait()
        try:
            return {len(titles(tenant, "delivery")) for _ in range(40)}
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        searches = [pool.submit(search) for _ in range(8)]
        started.wait()
        write(tenant, "Delivery abroad")
        seen = set().union(*(search.result() for search in searches))
    assert seen <= {1, 2}
    assert len(titles(tenant, "delivery")) == 2
    assert catalogues.current(tenant) is catalogues.current(tenant)
