"""Articles and imports through the API."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.knowledge.models import Article, ArticleVersion, ImportJob
from chatbot.knowledge.services import start_import
from chatbot.knowledge.tests import test_imports
from chatbot.knowledge.tests.factories import write
from chatbot.knowledge.tests.test_article_pages import KNOWLEDGE, who
from chatbot.knowledge.tests.test_imports import FAQ, finished
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

ARTICLES, IMPORTS = "/api/v1/knowledge/articles", "/api/v1/knowledge/imports"
JSON = "application/json"
_at_once = test_imports._at_once


@pytest.fixture
def editor(client: Client, tenant: Tenant) -> Client:
    return who(client, tenant, KNOWLEDGE)


@pytest.fixture
def reader(client: Client, tenant: Tenant) -> Client:
    return who(client, tenant, KNOWLEDGE & Q(codename__startswith="view_"))


def body(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def send(client: Client, **given: Any) -> Any:
    return client.post(ARTICLES, given, JSON)


FEES = {"title": "Fees", "language": "en", "body": "Eight."}


def test_an_article_is_written_read_changed_and_deleted(editor: Client, tenant: Tenant) -> None:
    made = body(send(editor, **FEES, wordings=["Postage?"], category="Money"), 201)
    assert (made["state"], made["url"], made["wordings"]) == ("draft", None, ["Postage?"])
    address = f"{ARTICLES}/{made['id']}"
    assert body(editor.get(address)) == made
    changed = body(editor.patch(address, {"body": "Nine.", "published": True}, JSON))
    assert (changed["body"], changed["state"], changed["category"], changed["wordings"]) == (
        *("Nine.", "published", "Money"),
        ["Postage?"],
    )
    assert changed["url"].endswith("/help/shop/fees")
    with tenant_scope(tenant):
        assert ArticleVersion.objects.count() == 2
    assert editor.delete(address).status_code == 204
    assert body(editor.get(address), 404)["code"] == "unknown_article"


def test_the_list_is_narrowed_and_paged(editor: Client, tenant: Tenant) -> None:
    write(tenant, "Fees", category="Money")
    write(tenant, "运费", language="zh-hans")
    write(tenant, "Draft", published=False)

    def titles(query: str) -> list[str]:
        return [each["title"] for each in body(editor.get(f"{ARTICLES}?{query}"))["results"]]

    assert titles("") == ["Draft", "运费", "Fees"]
    assert titles("language=zh-hans") == ["运费"]
    assert titles("category=Money") == ["Fees"]
    assert titles("state=draft") == ["Draft"]
    assert titles("search=fee days") == ["Fees"]
    first = body(editor.get(f"{ARTICLES}?limit=2"))
    assert len(first["results"]) == 2
    assert [each["title"] for each in body(editor.get(first["next"]))["results"]] == ["Fees"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": " "}, "invalid_input"),
        ({"title": "x" * 201}, "invalid_input"),
        ({"language": "fr"}, "invalid_input"),
        ({"body": "a\0b"}, "invalid_input"),
        ({"wordings": "one"}, "invalid_input"),
        ({"state": "published"}, "invalid_input"),
        ({"translation_of": 10**30}, "invalid_input"),
        ({"translation_of": 1}, "invalid_input"),
        ({"body": " ", "published": True}, "article_empty"),
    ],
)
def test_what_is_wrong_is_said(editor: Client, wrong: dict[str, Any], code: str) -> None:
    assert body(send(editor, **{**FEES, **wrong}), 400)["code"] == code


def test_the_neighbours_article_is_no_original(
    editor: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    theirs = write(other_tenant, "运费", language="zh-hans")
    answer = send(editor, **FEES, translation_of=theirs.pk)
    assert body(answer, 400)["errors"][0]["field"] == "translation_of"


def test_who_may_only_read_writes_nothing(reader: Client, tenant: Tenant) -> None:
    address = f"{ARTICLES}/{write(tenant).pk}"
    assert body(reader.get(address))["title"]
    assert send(reader, **FEES).status_code == 403
    assert reader.patch(address, {"title": "Mine"}, JSON).status_code == 403
    assert reader.delete(address).status_code == 403
    assert reader.post(IMPORTS, {"urls": ["https://a.example/"]}, JSON).status_code == 403


def test_files_are_imported_and_their_import_asked_for(editor: Client, tenant: Tenant) -> None:
    uploads = [
        SimpleUploadedFile("faq.md", FAQ.encode()),
        SimpleUploadedFile("q.csv", b"question,answer\nA,\n"),
    ]
    made = body(editor.post(IMPORTS, {"files": uploads, "publish": "true"}), 202)
    assert (made["state"], made["total"], made["refused"]) == ("queued", 2, [])
    with tenant_scope(tenant):
        finished(ImportJob.objects.get())
    told = body(editor.get(f"{IMPORTS}/{made['id']}"))
    assert (told["state"], told["created"], told["failed"]) == ("done", 2, 1)
    assert told["refused"] == [
        {
            "source": "q.csv",
            "place": "2",
            "code": "row_incomplete",
            "reason": "Line 2: question or answer is missing.",
        }
    ]
    assert body(editor.get(IMPORTS))["results"][0]["id"] == made["id"]
    with tenant_scope(tenant):
        assert Article.objects.filter(published=True).count() == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "nothing_to_import"),
        ({"urls": []}, "nothing_to_import"),
        ({"urls": ["ftp://a.example/"]}, "wrong_address"),
        ({"urls": ["https://a.example/"] * 201}, "invalid_input"),
        ({"urls": ["https://a.example/"], "language": "fr"}, "invalid_input"),
    ],
)
def test_what_can_not_be_imported_is_said(editor: Client, given: Any, code: str) -> None:
    assert body(editor.post(IMPORTS, given, JSON), 400)["code"] == code


@pytest.mark.parametrize(
    ("name", "content", "fields", "status"),
    [
        ("a.exe", b"MZ", {}, 400),
        ("a.md", "Größe für".encode("latin-1"), {}, 400),
        ("a.md", b"a" * (10 * 1024 * 1024 + 1), {}, 413),
        ("a.md", b"# A\n\na", {"publish": "perhaps"}, 400),
        ("a.md", b"# A\n\na", {"unknown": "x"}, 400),
    ],
)
def test_files_that_can_not_be_taken_are_refused(
    editor: Client, tenant: Tenant, name: str, content: bytes, fields: Any, status: int
) -> None:
    answer = editor.post(IMPORTS, {"files": SimpleUploadedFile(name, content), **fields})
    assert body(answer, status)["code"]
    with tenant_scope(tenant):
        assert not ImportJob.objects.exists()


def test_an_import_that_is_none_is_not_there(editor: Client) -> None:
    for key in ("1", str(2**63), "9" * 40):
        assert editor.get(f"{IMPORTS}/{key}").status_code == 404


@pytest.mark.parametrize("address", [ARTICLES, IMPORTS])
def test_lists_ask_the_same_number_of_queries_however_long(
    editor: Client, tenant: Tenant, address: str
) -> None:
    counts: list[int] = []
    for _ in range(2):
        with tenant_scope(tenant):
            for number in range(10 * len(counts) + 1):
                write(tenant, f"Fees {number}")
                start_import(tenant=tenant, urls=["https://a.example/"])
        body(editor.get(address))
        with CaptureQueriesContext(connection) as captured:
            body(editor.get(address))
        counts.append(len(captured))
    assert counts[0] == counts[1]


# -- the command


def test_the_command_imports_folders_and_tells_what_it_did(tenant: Tenant, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "faq.md").write_text(FAQ, encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "notes.xyz").write_text("not ours")
    for told in ("2 new, 0 changed, 0 unchanged, 1 not taken", "0 new, 0 changed, 2 unchanged"):
        out, errors = StringIO(), StringIO()
        call_command("import_knowledge", str(tmp_path), tenant="shop", stdout=out, stderr=errors)
        assert told in out.getvalue()
        assert "broken.pdf" in errors.getvalue()


@pytest.mark.parametrize(
    ("path", "whose", "words"),
    [
        ("none.md", "shop", "No such file"),
        ("faq.md", "nobody", "no tenant 'nobody'"),
        ("tool.exe", "shop", "not taken here"),
        (".", "shop", "nothing to import"),
    ],
)
def test_the_command_says_what_is_wrong(
    tenant: Tenant, tmp_path: Path, path: str, whose: str, words: str
) -> None:
    (tmp_path / "tool.exe").write_bytes(b"MZ")
    with pytest.raises(CommandError, match=words):
        call_command("import_knowledge", str(tmp_path / path), tenant=whose)
