"""Imports as editors start and watch them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.knowledge.imports.uploads import Upload
from chatbot.knowledge.models import Article, ImportJob, ImportSource
from chatbot.knowledge.services import Options, start_import
from chatbot.knowledge.tests import files, test_imports
from chatbot.knowledge.tests.test_article_pages import KNOWLEDGE, shown, who
from chatbot.knowledge.tests.test_imports import FAQ, finished
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

LIST = "/admin/knowledge/importjob/"
_at_once = test_imports._at_once


@pytest.fixture
def editor(client: Client, tenant: Tenant) -> Client:
    return who(client, tenant, KNOWLEDGE)


def file(content: str | bytes = FAQ, name: str = "faq.md") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def send(client: Client, *uploads: SimpleUploadedFile, **fields: Any) -> Any:
    body = {"language": "", "category": "", "urls": "", **fields}
    return client.post(f"{LIST}add/", {**body, "uploads": uploads} if uploads else body)


def page(job: ImportJob, name: str = "change") -> str:
    return f"{LIST}{job.pk}/{name}/"


def the_job(tenant: Tenant) -> ImportJob:
    with tenant_scope(tenant):
        job: ImportJob = ImportJob.objects.get()
    return job


def test_files_are_uploaded_watched_and_found_as_articles(editor: Client, tenant: Tenant) -> None:
    answer = send(editor, file(), file("<h1>Page</h1><p>Text.", "page.html"), publish="on")
    job = the_job(tenant)
    assert answer.url == page(job)
    html = shown(editor, page(job))
    assert f'hx-get="{page(job, "progress")}"' in html
    assert "Waiting · 0 / 2" in html
    with tenant_scope(tenant):
        finished(job)
    html = shown(editor, page(job, "progress"))
    assert "Done · 3 / 3" in html
    assert "hx-get" not in html  # nothing moves any more
    assert "Returns</a>" in html
    with tenant_scope(tenant):
        assert Article.objects.filter(published=True).count() == 3
        assert ImportJob.objects.get().started_by == User.objects.get(username="eva")


def test_addresses_are_taken_one_a_line(editor: Client, tenant: Tenant) -> None:
    urls = "https://a.example/1\n\n https://a.example/2 \nhttps://a.example/1"
    assert send(editor, urls=urls).status_code == 302
    with tenant_scope(tenant):
        assert list(ImportSource.objects.values_list("name", flat=True)) == [
            "https://a.example/1",
            "https://a.example/2",
        ]


@pytest.mark.parametrize(
    ("uploads", "fields", "words"),
    [
        ([], {}, "Choose files, or write addresses."),
        ([file()], {"urls": "https://a.example/"}, "not both"),
        ([], {"urls": "ftp://a.example/"}, "ftp://a.example/: This is no http"),
        ([], {"urls": "https://a.example/\n" * 3 + "\n".join(f"http://x/{n}" for n in range(201))},
         "At most 200"),
        ([file(name=f"{n}.md") for n in range(21)], {}, "At most 20"),
        ([file(b"MZ\x90", "tool.exe")], {}, "tool.exe: Files of this type"),
        ([file(b"no pdf", "a.pdf")], {}, "a.pdf: The file is damaged"),
        ([file(files.pdf(["x"]), "a.docx")], {}, "a.docx: The file is damaged"),
        ([file(b"PK nothing", "a.zip")], {}, "a.zip: The file is damaged"),
        ([file("Größe".encode("latin-1"))], {}, "faq.md: We can"),
        ([file(b"")], {}, "faq.md: The file is empty"),
        ([file(b"a" * (10 * 1024 * 1024 + 1))], {}, "too large"),
        ([file()], {"language": "fr"}, "fr is not one of the available choices"),
    ],
)  # fmt: skip
def test_what_can_not_be_imported_is_said_on_the_form(
    editor: Client, tenant: Tenant, uploads: list[Any], fields: dict[str, str], words: str
) -> None:
    for upload in uploads:
        upload.seek(0)
    answer = send(editor, *uploads, **fields)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    with tenant_scope(tenant):
        assert not ImportJob.objects.exists()


def test_a_chinese_table_from_excel_is_taken(editor: Client, tenant: Tenant) -> None:
    table = "问题,答案,分类\n怎么退货？,三十天内。,售后\n".encode("gbk")
    assert send(editor, file(table, "faq.csv")).status_code == 302
    with tenant_scope(tenant):
        finished(the_job(tenant))
        article = Article.objects.get()
    assert (article.title, article.category, article.language) == ("怎么退货？", "售后", "zh-hans")


def test_why_something_was_not_taken_stands_in_the_readers_language(
    editor: Client, tenant: Tenant
) -> None:
    send(editor, file(files.encrypted_pdf(), "secret.pdf"), file("question,answer\nA,\n", "q.csv"))
    with tenant_scope(tenant):
        finished(the_job(tenant))
    html = shown(editor, page(the_job(tenant)))
    assert "secret.pdf" in html
    assert "protected by a password" in html
    assert "Line 2: question or answer is missing." in html


def test_it_is_cancelled_and_tried_again_by_a_click(editor: Client, tenant: Tenant) -> None:
    send(editor, urls="https://a.example/")
    job = the_job(tenant)
    editor.post(page(job, "settle"), {"do": "cancel"})
    assert the_job(tenant).state == "cancelled"
    assert "Try again" in shown(editor, page(job))
    editor.post(page(job, "settle"), {"do": "retry"})
    assert the_job(tenant).state == "queued"
    again = editor.post(page(job, "settle"), {"do": "retry"}, follow=True)
    assert "Nothing of this import can be tried again." in again.content.decode()


def test_who_may_only_read_starts_and_stops_nothing(client: Client, tenant: Tenant) -> None:
    reader = who(client, tenant, KNOWLEDGE & Q(codename__startswith="view_"))
    with tenant_scope(tenant):
        job = start_import(tenant=tenant, urls=["https://a.example/"])
    assert send(reader, file()).status_code == 403
    assert reader.get(page(job)).status_code == 200
    assert "Cancel the import" not in shown(reader, page(job))
    assert reader.post(page(job, "settle"), {"do": "cancel"}).status_code == 403


def test_nothing_changes_by_looking(editor: Client, tenant: Tenant) -> None:
    with tenant_scope(tenant):
        job = start_import(tenant=tenant, urls=["https://a.example/"])
    assert editor.get(page(job, "settle"), {"do": "cancel"}).status_code == 403


def test_an_operator_says_whose_it_is(client: Client, tenant: Tenant) -> None:
    operator = User.objects.create_superuser("olga", password="x")
    client.force_login(operator)
    assert 'name="tenant"' in shown(client, f"{LIST}add/")
    assert "This field is required." in send(client, file()).content.decode()
    assert send(client, file(), tenant=tenant.pk).status_code == 302
    assert the_job(tenant).tenant == tenant


@pytest.mark.parametrize("address", ["list", "page"])
def test_pages_ask_the_same_number_of_queries_however_much_there_is(
    editor: Client, tenant: Tenant, address: str
) -> None:
    with tenant_scope(tenant):
        first = made(tenant, 1)
    few = queries(editor, LIST if address == "list" else page(first))
    with tenant_scope(tenant):
        last = [made(tenant, 20) for _ in range(20)][-1]
    assert queries(editor, LIST if address == "list" else page(last)) == few


def made(tenant: Tenant, number: int) -> ImportJob:
    """An import with as many articles and as many faults; nothing of it is told apart."""
    by = User.objects.get(username="eva")
    body = "".join(f"Q{n},a,en\nF{n},,\n" for n in range(number))
    table = Upload("faq.csv", "csv", f"question,answer,language\n{body}".encode())
    options = Options(publish=True)
    job = start_import(tenant=tenant, files=[table], options=options, by=by)
    return finished(job)


def queries(client: Client, url: str) -> int:
    shown(client, url)
    with CaptureQueriesContext(connection) as captured:
        shown(client, url)
    return len(captured)
