from dataclasses import dataclass

import pytest

from chatbot.conversations import authors
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession, post_message
from chatbot.knowledge.models import Article, Citation, Passage
from chatbot.knowledge.services import delete_article, record_citations
from chatbot.knowledge.tests.factories import write
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant


@dataclass(frozen=True)
class Quoted:
    article_id: int
    passage_id: int
    content_hash: str


def quoted(article: Article) -> list[Quoted]:
    return [
        Quoted(article.pk, passage.pk, passage.content_hash)
        for passage in Passage.objects.filter(article=article)
    ]


def said(session: OpenedSession, text: str) -> Message:
    author = authors.ai()
    return post_message(conversation=session.conversation, author=author, text=text).message


@pytest.fixture
def answer(ana: OpenedSession, tenant: Tenant) -> Message:
    with tenant_scope(tenant):
        return said(ana, "Eight euros.")


def test_an_answer_keeps_the_passages_it_stood_on(in_tenant: Tenant, answer: Message) -> None:
    article = write(in_tenant, "Fees", "Eight.\n\n## Abroad\n\nSixty.")
    record_citations(message=answer, sources=quoted(article))
    rows = Citation.objects.filter(message=answer, article=article)
    kept = {(row.passage_id, row.content_hash) for row in rows}
    assert kept == {(each.passage_id, each.content_hash) for each in quoted(article)}


def test_what_is_named_twice_is_kept_once(in_tenant: Tenant, answer: Message) -> None:
    sources = quoted(write(in_tenant)) * 2
    record_citations(message=answer, sources=sources)
    record_citations(message=answer, sources=sources)
    assert Citation.objects.count() == 1


def test_citations_outlive_their_article(in_tenant: Tenant, answer: Message) -> None:
    article = write(in_tenant)
    record_citations(message=answer, sources=quoted(article))
    delete_article(article=article)
    assert Citation.objects.get().article is None


def test_an_article_that_has_gone_meanwhile_breaks_no_answer(
    in_tenant: Tenant, answer: Message
) -> None:
    article = write(in_tenant)
    sources = quoted(article)
    delete_article(article=article)
    record_citations(message=answer, sources=sources)
    assert Citation.objects.get().content_hash == sources[0].content_hash
