"""What stands around an article's form in the admin."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.conversations import authors
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession, post_message
from chatbot.knowledge import publication
from chatbot.knowledge.models import Article, OpenQuestion, Passage
from chatbot.knowledge.services import Draft, note_unanswered, record_citations, save_article
from chatbot.knowledge.tests.factories import write
from chatbot.knowledge.tests.test_citations import Quoted
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import Conflict
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.tests.factories import give, role
from chatplatform.tenants.models import Tenant

KNOWLEDGE = Q(content_type__app_label="knowledge")
SEES_CHATS = Q(content_type__app_label="conversations", codename__startswith="view_")
FORM = {"title": "Fees", "language": "en", "body": "Eight.", "published": "on"}
INLINE = {"passages-TOTAL_FORMS": "1", "passages-INITIAL_FORMS": "1"}


def who(client: Client, tenant: Tenant, permissions: Q) -> Client:
    user = User.objects.create_user("eva", tenant=tenant, is_staff=True)
    give(user, role(tenant, permissions))
    client.force_login(user)
    return client


@pytest.fixture
def editor(client: Client, tenant: Tenant) -> Client:
    return who(client, tenant, KNOWLEDGE | SEES_CHATS)


def address(article: Article, page: str = "change") -> str:
    return f"/admin/knowledge/article/{article.pk}/{page}/"


def shown(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def asked(session: OpenedSession, text: str) -> Message:
    author = authors.customer(session.customer)
    return post_message(conversation=session.conversation, author=author, text=text).message


def answered(session: OpenedSession, article: Article, text: str = "Eight euros.") -> None:
    message = post_message(
        conversation=session.conversation, author=authors.ai(), text=text
    ).message
    passages = Passage.objects.filter(article=article)
    sources = [Quoted(article.pk, each.pk, each.content_hash) for each in passages]
    record_citations(message=message, sources=sources)


def test_versions_show_what_changed_and_can_be_restored(editor: Client, tenant: Tenant) -> None:
    article = write(tenant, "Fees", "Eight <b>.\n\nStays.")
    with tenant_scope(tenant):
        save_article(tenant=tenant, draft=Draft("Costs", "en", "Nine.\n\nStays."), article=article)
    html = shown(editor, address(article, "versions"))
    assert "<del>Eight &lt;b&gt;.</del>" in html
    assert "<ins>Nine.</ins>" in html
    assert "2 versions" in shown(editor, address(article))
    editor.post(address(article, "restore"), {"version": "1"})
    with tenant_scope(tenant):
        assert Article.objects.get().title == "Fees"


@pytest.mark.parametrize("version", ["", "9", "x", "٣", "9" * 30, "-1"])
def test_a_version_that_is_none_is_not_there(editor: Client, tenant: Tenant, version: str) -> None:
    article = write(tenant)
    answer = editor.post(address(article, "restore"), {"version": version})
    assert answer.status_code == 404


@pytest.mark.parametrize("page", ["restore", "wording"])
def test_who_may_only_read_changes_nothing(client: Client, tenant: Tenant, page: str) -> None:
    article = write(tenant)
    reader = who(client, tenant, KNOWLEDGE & Q(codename__startswith="view_"))
    assert reader.get(address(article, "versions")).status_code == 200
    assert reader.post(address(article, page), {"version": "1", "text": "x"}).status_code == 403
    assert "Restore this version" not in shown(reader, address(article, "versions"))


def test_nothing_changes_by_looking(editor: Client, tenant: Tenant) -> None:
    article = write(tenant)
    assert editor.get(address(article, "restore"), {"version": "1"}).status_code == 403
    assert editor.get(address(article, "wording"), {"text": "x"}).status_code == 403


def test_the_article_names_the_answers_that_relied_on_it(
    editor: Client, tenant: Tenant, ana: OpenedSession
) -> None:
    article = write(tenant, "Fees", "Eight.\n\n## Abroad\n\nSixty.")
    with tenant_scope(tenant):
        answered(ana, article, "It costs <eight>.")
        answered(ana, article, "Again eight.")
    html = shown(editor, address(article))
    assert "2 answers." in html
    assert "It costs &lt;eight&gt;." in html
    assert f"/admin/conversations/conversation/{ana.conversation.pk}/change/" in html
    assert "have changed" not in html
    with tenant_scope(tenant):
        draft = Draft("Fees", "en", "Eight.\n\n## Abroad\n\nSeventy.")
        save_article(tenant=tenant, draft=draft, article=article)
    html = shown(editor, address(article))
    assert "2 stood on words that have changed since." in html
    assert html.count("words have changed") == 2


def test_words_that_moved_have_not_changed(
    editor: Client, tenant: Tenant, ana: OpenedSession
) -> None:
    article = write(tenant, "Fees", "## Abroad\n\nSixty.")
    with tenant_scope(tenant):
        answered(ana, article)
        draft = Draft("Fees", "en", "# New\n\nWords.\n\n## Abroad\n\nSixty.")
        save_article(tenant=tenant, draft=draft, article=article)
    assert "have changed" not in shown(editor, address(article))


def test_conversations_that_one_may_not_see_are_only_counted(
    client: Client, tenant: Tenant, ana: OpenedSession
) -> None:
    article = write(tenant)
    with tenant_scope(tenant):
        asked(ana, "A private matter?")
        answered(ana, article, "A private answer.")
    html = shown(who(client, tenant, KNOWLEDGE), address(article))
    assert "1 answer." in html
    assert "private" not in html


def test_what_customers_asked_is_offered_and_added_by_one_click(
    editor: Client, tenant: Tenant, ana: OpenedSession
) -> None:
    article = write(tenant, "What does postage cost?", wordings=("Postage?",))
    with tenant_scope(tenant):
        asked(ana, "how much for a parcel")
        answered(ana, article)
        asked(ana, "POSTAGE?!")
        answered(ana, article)
        note_unanswered(message=asked(ana, "What does postage to Mars cost?"), language="en")
        note_unanswered(message=asked(ana, "Do you sell gift cards?"), language="en")
        question = OpenQuestion.objects.get(text__contains="Mars")
    html = shown(editor, address(article))
    assert "how much for a parcel" in html
    assert "asked 1 time in vain" in html
    assert "gift cards" not in html
    assert "POSTAGE" not in html
    editor.post(address(article, "wording"), {"text": "how much for a parcel"})
    editor.post(address(article, "wording"), {"text": "-", "question": question.pk})
    with tenant_scope(tenant):
        article.refresh_from_db()
        question.refresh_from_db()
    assert article.wordings.splitlines() == [
        "Postage?",
        "how much for a parcel",
        "What does postage to Mars cost?",
    ]
    assert (question.state, question.article) == ("answered", article)
    assert "how much for a parcel</span>" not in shown(editor, address(article))


def test_articles_that_say_the_same_are_named(editor: Client, tenant: Tenant) -> None:
    article = write(tenant, "What does postage cost?", "Eight euros for a parcel.")
    write(tenant, "The cost of postage", "Something else.")
    write(tenant, "What does postage cost?", "A draft.", published=False)
    write(tenant, "Opening hours", "From eight.")
    html = shown(editor, address(article))
    warning = html[html.index("seem to say the same") : html.index("Versions</h2>")]
    assert warning.count("<li>") == 2
    assert "Opening hours" not in warning


class NotGoodEnough(Conflict):
    code = "not_good_enough"


def test_what_a_guard_refuses_is_said_above_the_form_as_it_was_typed(
    editor: Client, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(article: Article) -> None:
        raise NotGoodEnough("Two questions would find no answer any more.")

    monkeypatch.setattr(publication, "_guards", {"test": refuse})
    answer = editor.post("/admin/knowledge/article/add/", {**FORM, "body": "As typed."})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Two questions would find no answer any more." in html
    assert "As typed." in html
    with tenant_scope(tenant):
        assert not Article.objects.exists()
    draft = write(tenant, published=False)
    body = {"action": "publish", "_selected_action": [draft.pk]}
    listed = editor.post("/admin/knowledge/article/", body, follow=True).content.decode()
    assert "Two questions would find no answer any more." in listed


@pytest.mark.parametrize(
    "wrong", [{"body": " "}, {"title": ""}, {"language": "fr"}, {"category": "x" * 81}]
)
def test_what_is_wrong_with_an_article_is_said(
    editor: Client, tenant: Tenant, wrong: dict[str, str]
) -> None:
    answer = editor.post("/admin/knowledge/article/add/", {**FORM, **wrong})
    assert answer.status_code == 200
    with tenant_scope(tenant):
        assert not Article.objects.exists()


def test_categories_are_there_to_pick_from(editor: Client, tenant: Tenant) -> None:
    write(tenant, "One", category="Delivery & more")
    html = shown(editor, "/admin/knowledge/article/add/")
    assert '<option value="Delivery &amp; more">' in html
    assert 'list="categories"' in html


@pytest.mark.parametrize("state", ["draft", "published", "withdrawn"])
def test_the_list_can_be_narrowed_by_state(editor: Client, tenant: Tenant, state: str) -> None:
    write(tenant, "Our draft", published=False)
    write(tenant, "Our published")
    gone = write(tenant, "Our withdrawn")
    with tenant_scope(tenant):
        Article.objects.filter(pk=gone.pk).update(published=False)
    html = shown(editor, f"/admin/knowledge/article/?state={state}")
    titles = [each for each in ("draft", "published", "withdrawn") if f"Our {each}" in html]
    assert titles == [state]


def test_a_page_in_another_language_is_linked(editor: Client, tenant: Tenant) -> None:
    article = write(tenant, "Fees")
    form = {**FORM, "title": "运费", "language": "zh-hans", "translation_of": article.pk}
    assert editor.post("/admin/knowledge/article/add/", form).status_code == 302
    same = editor.post("/admin/knowledge/article/add/", {**form, "language": "en"})
    assert "Choose an article in another language." in same.content.decode()


def many(tenant: Tenant, session: OpenedSession, number: int) -> Article:
    article = write(tenant, "Fees")
    with tenant_scope(tenant):
        for each in range(number):
            message = asked(session, f"What are the fees for {each} things?")
            note_unanswered(message=message, language="en")
            answered(session, article)
            draft = Draft("Fees", "en", f"Eight {each}.")
            save_article(tenant=tenant, draft=draft, article=article)
            write(tenant, f"Fees {each}")
    return article


@pytest.mark.parametrize("page", ["change", "versions"])
def test_pages_ask_the_same_number_of_queries_however_much_there_is(
    editor: Client, tenant: Tenant, ana: OpenedSession, page: str
) -> None:
    few = queries(editor, address(many(tenant, ana, 1), page))
    assert queries(editor, address(many(tenant, ana, 20), page)) == few


def queries(client: Client, url: str) -> int:
    """How many it takes the second time: then the index stands."""
    shown(client, url)
    with CaptureQueriesContext(connection) as captured:
        shown(client, url)
    return len(captured)
