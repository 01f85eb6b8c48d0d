import pytest
from django.test import Client

from chatbot.knowledge.addresses import article_url
from chatbot.knowledge.services import Draft, save_article
from chatbot.knowledge.tests.factories import write
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

pytestmark = pytest.mark.urls("chatplatform.urls.chatbot")


def test_an_article_can_be_read_by_everyone(client: Client, tenant: Tenant) -> None:
    write(tenant, "Fees <b>", "Intro.\n\n## Abroad & more\n\n- ten\n- twenty", category="Delivery")
    page = client.get("/help/shop/fees-b")
    html = page.content.decode()
    assert page.status_code == 200
    assert "Fees &lt;b&gt;" in html
    assert "<h2>Abroad &amp; more</h2>" in html
    assert "<li>twenty</li>" in html
    assert "X-Frame-Options" not in page.headers


def test_headings_are_nested_as_they_were_written(client: Client, tenant: Tenant) -> None:
    body = "# Part\n\n### Below\n\n1. one\n2. two\n\n###### Deep\n\n# Next\n\n[Link](https://a.example)"
    write(tenant, "Fees", body)
    html = client.get("/help/shop/fees").content.decode()
    for wanted in ("<h2>Part</h2>", "<h3>Below</h3>", "<h4>Deep</h4>", "<h2>Next</h2>"):
        assert wanted in html
    assert "<ol><li>one</li><li>two</li></ol>" in html
    assert "https://a.example" not in html


def test_the_same_in_another_language_is_linked(client: Client, tenant: Tenant) -> None:
    article = write(tenant, "Fees")
    with tenant_scope(tenant):
        for title, published in (("运费", True), ("草稿", False)):
            draft = Draft(title, "zh-hans", "八元。", published=published, translation_of=article)
            save_article(tenant=tenant, draft=draft)
    html = client.get("/help/shop/fees").content.decode()
    assert 'hreflang="zh-hans"' in html
    assert "草稿" not in html
    chinese = client.get("/help/shop/运费").content.decode()
    assert 'href="/help/shop/fees"' in chinese


def test_the_page_speaks_the_language_of_its_article(client: Client, tenant: Tenant) -> None:
    article = write(tenant, "运费怎么算？", "八元。", language="zh-hans")
    page = client.get(f"/help/shop/{article.slug}", headers={"Accept-Language": "en"})
    assert '<html lang="zh-hans">' in page.content.decode()


def test_related_articles_are_of_the_same_category_and_language(
    client: Client, tenant: Tenant
) -> None:
    write(tenant, "One", category="Delivery")
    write(tenant, "Two", category="Delivery")
    write(tenant, "Hidden", category="Delivery", published=False)
    write(tenant, "Three", category="Payment")
    html = client.get("/help/shop/one").content.decode()
    assert 'href="/help/shop/two"' in html
    assert "Hidden" not in html
    assert "Three" not in html


@pytest.mark.parametrize(
    "path", ["/help/shop/none", "/help/shop/draft", "/help/nobody/one", "/help/neighbour/one"]
)
def test_what_is_not_published_here_is_not_there(
    client: Client, tenant: Tenant, other_tenant: Tenant, path: str
) -> None:
    write(tenant, "One")
    write(tenant, "Draft", published=False)
    assert client.get(path).status_code == 404


def test_a_suspended_tenant_shows_nothing(client: Client, tenant: Tenant) -> None:
    write(tenant, "One")
    tenant.status = Tenant.Status.SUSPENDED
    tenant.save()
    assert client.get("/help/shop/one").status_code == 404


def test_the_address_of_an_article_opens_it(client: Client, tenant: Tenant) -> None:
    article = write(tenant, "运费 怎么算？", language="zh-hans")
    url = article_url("shop", article.slug)
    assert url.isascii()
    assert client.get("/" + url.split("/", 3)[3]).status_code == 200
