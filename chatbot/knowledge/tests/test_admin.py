import pytest
from django.db.models import Q
from django.test import Client

from chatbot.knowledge.models import Article, Passage
from chatbot.knowledge.selectors import search_passages
from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.tests.factories import give, role
from chatplatform.tenants.models import Tenant

FORM = {
    "title": "Fees",
    "language": "en",
    "category": "Delivery",
    "wordings": "What does it cost?\n\n  postage ",
    "body": "Eight.\n\n## Abroad\n\nSixty.",
    "published": "on",
}


@pytest.fixture
def editor(client: Client, tenant: Tenant) -> Client:
    """Someone of the shop who may edit the knowledge base and nothing else."""
    user = User.objects.create_user("eva", tenant=tenant, is_staff=True)
    give(user, role(tenant, Q(content_type__app_label="knowledge")))
    client.force_login(user)
    return client


def test_an_article_written_in_admin_is_answered_from(editor: Client, tenant: Tenant) -> None:
    answer = editor.post("/admin/knowledge/article/add/", FORM)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    with tenant_scope(tenant):
        article = Article.objects.get()
        assert (article.tenant, article.slug) == (tenant, "fees")
        assert article.wordings == "What does it cost?\npostage"
        assert Passage.objects.filter(article=article).count() == 2
        assert search_passages(tenant, "postage", language="en")[0].entry.title == "Fees"


def test_an_edited_article_keeps_its_address(editor: Client, tenant: Tenant) -> None:
    article = write(tenant, "Old")
    passages = {"passages-TOTAL_FORMS": "1", "passages-INITIAL_FORMS": "1"}
    form = {**FORM, **passages, "title": "New"}
    answer = editor.post(f"/admin/knowledge/article/{article.pk}/change/", form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    with tenant_scope(tenant):
        article = Article.objects.get()
    assert (article.title, article.slug) == ("New", "old")


@pytest.mark.parametrize(("action", "published"), [("publish", True), ("withdraw", False)])
def test_articles_are_published_and_withdrawn_from_the_list(
    editor: Client, tenant: Tenant, action: str, published: bool
) -> None:
    article = write(tenant, published=not published)
    body = {"action": action, "_selected_action": [article.pk]}
    editor.post("/admin/knowledge/article/", body)
    with tenant_scope(tenant):
        assert Article.objects.get().published is published


def test_an_article_can_be_deleted_with_its_passages(editor: Client, tenant: Tenant) -> None:
    article, other = write(tenant, "One"), write(tenant, "Two")
    answer = editor.post(f"/admin/knowledge/article/{article.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    body = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    assert editor.post("/admin/knowledge/article/", body).status_code == 302
    with tenant_scope(tenant):
        assert not Article.objects.exists()
        assert not Passage.objects.exists()
        assert search_passages(tenant, "one two", language="en") == []


def test_the_neighbours_articles_are_not_in_the_list(
    editor: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    write(tenant, "Our fees")
    theirs = write(other_tenant, "Their fees")
    html = editor.get("/admin/knowledge/article/").content.decode()
    assert "Our fees" in html
    assert "Their fees" not in html
    assert editor.get(f"/admin/knowledge/article/{theirs.pk}/change/").status_code == 404


@pytest.mark.parametrize("model", ["article", "passage", "edition"])
def test_every_list_opens_and_can_be_searched(editor: Client, tenant: Tenant, model: str) -> None:
    write(tenant)
    assert editor.get(f"/admin/knowledge/{model}/?q=deliver").status_code == 200


def test_passages_follow_from_articles_and_are_not_edited(editor: Client) -> None:
    assert editor.get("/admin/knowledge/passage/add/").status_code == 403
