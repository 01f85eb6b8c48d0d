"""What editors do with what nobody could answer."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.conversations.services import OpenedSession
from chatbot.knowledge.models import Article, OpenQuestion
from chatbot.knowledge.services import (
    ArticleEmpty,
    publish_article,
    write_article_for,
)
from chatbot.knowledge.services.questions import QuestionSettled
from chatbot.knowledge.tests.factories import write
from chatbot.knowledge.tests.test_article_pages import KNOWLEDGE, shown, who
from chatbot.knowledge.tests.test_unanswered import note
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

LIST = "/admin/knowledge/openquestion/"


@pytest.fixture
def editor(client: Client, tenant: Tenant) -> Client:
    return who(client, tenant, KNOWLEDGE)


@pytest.fixture
def question(tenant: Tenant, ana: OpenedSession) -> OpenQuestion:
    with tenant_scope(tenant):
        for text in ("Do you sell gift cards?", "Can I buy a gift card", "gift cards?"):
            found = note(ana, text)
    assert found is not None
    return found


def settle(client: Client, question: OpenQuestion, **body: object) -> str:
    answer = client.post(f"{LIST}{question.pk}/settle/", body, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def now(question: OpenQuestion, tenant: Tenant) -> OpenQuestion:
    with tenant_scope(tenant):
        question.refresh_from_db()
    return question


def test_it_is_listed_with_how_often_it_was_asked(
    editor: Client, tenant: Tenant, question: OpenQuestion
) -> None:
    html = shown(editor, LIST)
    assert "Do you sell gift cards?" in html
    assert ">3<" in html.replace("\n", "").replace(" ", "")
    assert "Can I buy a gift card" in shown(editor, f"{LIST}{question.pk}/change/")
    assert "gift cards" in shown(editor, f"{LIST}?q=buy")


def test_one_click_makes_it_an_article(
    editor: Client, tenant: Tenant, question: OpenQuestion
) -> None:
    html = settle(editor, question, do="write")
    assert "write the answer, then publish it" in html
    with tenant_scope(tenant):
        article = Article.objects.get()
        assert (article.title, article.language, article.state) == (
            *("Do you sell gift cards?", "en"),
            "draft",
        )
        assert set(article.wordings.splitlines()) == {"Can I buy a gift card", "gift cards?"}
        with pytest.raises(ArticleEmpty):
            publish_article(article=article)
    assert (now(question, tenant).state, question.article) == ("answered", article)
    with tenant_scope(tenant):
        line = AuditEntry.objects.get(action="question.write")
    assert (line.actor_label, line.data["question"]) == ("eva", "Do you sell gift cards?")


def test_two_who_click_at_once_make_one_article(tenant: Tenant, question: OpenQuestion) -> None:
    with tenant_scope(tenant):
        write_article_for(question=question)
        with pytest.raises(QuestionSettled):
            write_article_for(question=question)
        assert Article.objects.count() == 1


def test_an_article_that_answers_it_is_offered_and_learns_its_words(
    editor: Client, tenant: Tenant, question: OpenQuestion
) -> None:
    article = write(tenant, "Gift cards", wordings=("gift cards?",))
    write(tenant, "Opening hours")
    assert "Gift cards</a>" in shown(editor, f"{LIST}{question.pk}/change/")
    settle(editor, question, do="attach", article=article.pk)
    assert (now(question, tenant).state, question.article) == ("answered", article)
    article.refresh_from_db()
    assert article.wordings.splitlines()[0] == "gift cards?"
    assert len(article.wordings.splitlines()) == 3


@pytest.mark.parametrize("article", ["", "0", "x", "9" * 30])
def test_it_is_not_added_to_an_article_that_is_none(
    editor: Client, tenant: Tenant, question: OpenQuestion, article: str
) -> None:
    body = {"do": "attach", "article": article}
    assert editor.post(f"{LIST}{question.pk}/settle/", body).status_code == 403


def test_nor_to_the_neighbours(
    editor: Client, tenant: Tenant, other_tenant: Tenant, question: OpenQuestion
) -> None:
    theirs = write(other_tenant, "Gift cards")
    body = {"do": "attach", "article": theirs.pk}
    assert editor.post(f"{LIST}{question.pk}/settle/", body).status_code == 403
    assert now(question, tenant).state == "open"


def test_dismissed_it_is_out_of_the_list_until_it_is_opened_again(
    editor: Client, tenant: Tenant, question: OpenQuestion
) -> None:
    settle(editor, question, do="dismiss")
    assert now(question, tenant).state == "dismissed"
    assert "gift cards" not in shown(editor, LIST)
    for address in ("?state=dismissed", "?state=all"):
        assert "gift cards" in shown(editor, LIST + address)
    settle(editor, question, do="reopen")
    assert now(question, tenant).state == "open"


@pytest.mark.parametrize(
    ("action", "state"), [("write_articles", "answered"), ("dismiss", "dismissed")]
)
def test_several_are_settled_from_the_list(
    editor: Client,
    tenant: Tenant,
    ana: OpenedSession,
    question: OpenQuestion,
    action: str,
    state: str,
) -> None:
    with tenant_scope(tenant):
        other = note(ana, "Where is the shop?")
    assert other is not None
    body = {"action": action, "_selected_action": [question.pk, other.pk]}
    assert editor.post(LIST, body).status_code == 302
    assert (now(question, tenant).state, now(other, tenant).state) == (state, state)


def test_beyond_the_plan_nothing_is_begun_and_it_is_said_why(
    editor: Client, tenant: Tenant, question: OpenQuestion
) -> None:
    tenant.limits = {"documents": 0}
    tenant.save()
    assert "Your plan&#x27;s limit is reached" in settle(editor, question, do="write").replace(
        "'", "&#x27;"
    )
    assert now(question, tenant).state == "open"


def test_who_may_only_read_settles_nothing(
    client: Client, tenant: Tenant, question: OpenQuestion
) -> None:
    reader = who(client, tenant, KNOWLEDGE & Q(codename__startswith="view_"))
    assert "Dismiss" not in shown(reader, f"{LIST}{question.pk}/change/")
    assert reader.post(f"{LIST}{question.pk}/settle/", {"do": "write"}).status_code == 403
    body = {"action": "dismiss", "_selected_action": [question.pk]}
    reader.post(LIST, body)
    assert now(question, tenant).state == "open"


def test_the_list_asks_the_same_number_of_queries_however_long(
    editor: Client, tenant: Tenant, ana: OpenedSession, question: OpenQuestion
) -> None:
    few = queries(editor)
    with tenant_scope(tenant):
        for number, letter in enumerate("abcdefghijklmnopqrst"):
            made = note(ana, f"{letter}ab {letter}cd {letter}ef?")
            if made and number % 2:
                write_article_for(question=made)
    assert OpenQuestion._base_manager.count() == 21
    assert queries(editor) == few


def queries(client: Client) -> int:
    shown(client, f"{LIST}?state=all")
    with CaptureQueriesContext(connection) as captured:
        shown(client, f"{LIST}?state=all")
    return len(captured)
