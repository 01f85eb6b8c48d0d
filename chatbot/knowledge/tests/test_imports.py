"""Imports from their start to their report, whoever works on them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chatbot.knowledge import importer, publication
from chatbot.knowledge.events import ImportProgress
from chatbot.knowledge.imports.documents import Findings
from chatbot.knowledge.imports.reading import read
from chatbot.knowledge.imports.uploads import Upload, checked
from chatbot.knowledge.models import Article, ImportItem, ImportJob, ImportSource, Passage
from chatbot.knowledge.selectors import kept_bytes, search_passages
from chatbot.knowledge.services import (
    Options,
    cancel_import,
    importing,
    retry_import,
    save_article,
    start_import,
)
from chatbot.knowledge.services.articles import Draft
from chatbot.knowledge.services.imports import ImportFinished, NothingToImport, NothingToRetry
from chatbot.knowledge.tests import files
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import ApplicationError, Conflict
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.protection import outbound
from chatplatform.protection.outbound import Response
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.usage import usage_of
from realtime import publish

FAQ = "# Fees\n\nEight euros.\n\n# Returns\n\nThirty days.\n\n## Abroad\n\nSixty.\n"
"""Two articles."""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rest, and files are read in this process: its own is tried in test_reading.py."""
    monkeypatch.setattr(importer, "REST", 0)

    def read_here(kind: str, name: str, data: bytes, **_: Any) -> Findings:
        return read(kind, name, data)

    monkeypatch.setattr(importer, "read_apart", read_here)


def upload(content: str | bytes = FAQ, name: str = "faq.md") -> Upload:
    data = content.encode() if isinstance(content, str) else content
    return checked(SimpleUploadedFile(name, data))


def started(tenant: Tenant, *uploads: Upload, **options: Any) -> ImportJob:
    return start_import(tenant=tenant, files=uploads or [upload()], options=Options(**options))


def finished(job: ImportJob) -> ImportJob:
    importer.import_pending()
    job.refresh_from_db()
    return job


def counts(job: ImportJob) -> tuple[int, ...]:
    return job.created, job.updated, job.skipped, job.failed


def told(job: ImportJob) -> list[tuple[str, str]]:
    sources = ImportSource.objects.filter(job=job).exclude(fault="").values_list("name", "fault")
    items = ImportItem.objects.filter(job=job).exclude(fault="").values_list("place", "fault")
    return [*sources, *items]


def test_a_file_becomes_drafts_with_passages_and_versions(in_tenant: Tenant) -> None:
    job = finished(started(in_tenant))
    assert (job.state, job.total, job.done, counts(job)) == ("done", 2, 2, (2, 0, 0, 0))
    returns = Article.objects.get(title="Returns")
    assert (returns.published, returns.language, returns.source) == (False, "en", "faq.md#Returns")
    assert Passage.objects.filter(article=returns).count() == 2
    assert returns.versions.get().number == 1
    assert search_passages(in_tenant, "Returns", language="en") == []


def test_what_is_published_at_once_is_answered_from(in_tenant: Tenant) -> None:
    finished(started(in_tenant, publish=True, category="Help", language="en"))
    assert search_passages(in_tenant, "Returns", language="en")
    assert set(Article.objects.values_list("category", flat=True)) == {"Help"}


def test_the_language_is_that_of_the_text_unless_one_is_chosen(in_tenant: Tenant) -> None:
    finished(started(in_tenant, upload("# 退货\n\n三十天内。\n\n# Fees\n\nEight euros.")))
    assert dict(Article.objects.values_list("title", "language")) == {
        "退货": "zh-hans",
        "Fees": "en",
    }


def test_the_same_again_changes_nothing(in_tenant: Tenant) -> None:
    finished(started(in_tenant))
    job = finished(started(in_tenant))
    assert counts(job) == (0, 0, 2, 0)
    assert Article.objects.count() == 2


def test_what_changed_in_the_file_changes_its_article_and_keeps_what_editors_added(
    in_tenant: Tenant,
) -> None:
    finished(started(in_tenant))
    fees = Article.objects.get(title="Fees")
    ours = Draft("Fees", "en", "Edited by hand.", "Money", ("What does it cost?",), published=True)
    save_article(tenant=in_tenant, draft=ours, article=fees)
    same = finished(started(in_tenant))
    fees.refresh_from_db()
    assert (counts(same), fees.body) == ((0, 0, 2, 0), "Edited by hand.")
    job = finished(started(in_tenant, upload(FAQ.replace("Eight", "Nine"))))
    fees.refresh_from_db()
    assert counts(job) == (0, 1, 1, 0)
    assert (fees.body, fees.category, fees.published) == ("Nine euros.", "Money", True)
    assert fees.wordings == "What does it cost?"
    assert [version.body for version in fees.versions.all()] == [
        "Nine euros.",
        "Edited by hand.",
        "Eight euros.",
    ]


def test_every_kind_of_file_is_taken(in_tenant: Tenant) -> None:
    inner = {"one.md": b"# Zipped\n\nText.", "bad.pdf": b"%PDF-1.4"}
    job = finished(
        started(
            in_tenant,
            upload("<h1>Page</h1><p>Text.", "page.html"),
            upload(files.pdf(["Text of it."]), "paper.pdf"),
            upload(files.docx(("Heading1", "Word"), ("", "Text.")), "letter.docx"),
            upload("question,answer,similar\nFees?,Eight.,Postage?\nNo answer?,\n", "faq.csv"),
            upload(files.archive(inner), "all.zip"),
        )
    )
    assert (job.state, job.total, job.done, counts(job)) == ("done", 7, 7, (5, 0, 0, 2))
    assert Article.objects.get(title="Fees?").wordings == "Postage?"
    assert told(job) == [("3", "row_incomplete"), ("bad.pdf", "broken")]
    again = finished(started(in_tenant, upload("<h1>New name</h1><p>Text.", "page.html")))
    assert counts(again) == (0, 1, 0, 0)  # a page is known by its file, not by its title


def test_a_broken_file_is_one_line_of_the_report(in_tenant: Tenant) -> None:
    job = finished(started(in_tenant, upload(files.encrypted_pdf(), "secret.pdf"), upload()))
    assert (job.state, counts(job)) == ("done", (2, 0, 0, 1))
    assert told(job) == [("secret.pdf", "encrypted")]


def test_files_are_kept_only_until_they_are_read(in_tenant: Tenant) -> None:
    job = started(in_tenant)
    assert kept_bytes(in_tenant) == len(FAQ)
    finished(job)
    assert kept_bytes(in_tenant) == 0
    assert bytes(ImportSource.objects.get().content) == b""


def storage(tenant: Tenant) -> int | None:
    return next(line.used for line in usage_of(tenant) if line.metric is Metric.STORAGE)


def test_a_file_beyond_the_plans_storage_is_told_and_the_others_go_on(in_tenant: Tenant) -> None:
    in_tenant.limits = {"storage": 100}
    in_tenant.save()
    job = started(in_tenant, upload("# Long\n\n" + "a" * 200, "long.md"), upload())
    assert storage(in_tenant) == len(FAQ)
    job = finished(job)
    assert (counts(job), told(job)) == ((2, 0, 0, 1), [("long.md", "quota_exhausted")])
    assert storage(in_tenant) == 0


def test_articles_beyond_the_plan_are_told_and_can_be_tried_again(in_tenant: Tenant) -> None:
    in_tenant.limits = {"documents": 1}
    in_tenant.save()
    job = finished(started(in_tenant))
    assert (counts(job), told(job)) == ((1, 0, 0, 1), [("Returns", "quota_exhausted")])
    in_tenant.limits = {}
    in_tenant.save()
    retry_import(job=job)
    assert (counts(finished(job)), job.state, job.done) == ((2, 0, 0, 0), "done", 2)


class NotGoodEnough(Conflict):
    code = "not_good_enough"


def test_what_a_guard_refuses_is_told(in_tenant: Tenant, monkeypatch: Any) -> None:
    def refuse(tenant: Tenant) -> None:
        if Article.objects.filter(title="Fees").exists():
            raise NotGoodEnough("Fewer questions would be answered.")

    monkeypatch.setitem(publication._guards, "test", refuse)
    job = finished(started(in_tenant, publish=True))
    assert (counts(job), told(job)) == ((1, 0, 0, 1), [("Fees", "refused")])
    assert not Article.objects.filter(title="Fees").exists()


# -- processes come and go


def died(job: ImportJob) -> None:
    """Whoever worked on it has not been heard of for a lease."""
    ImportJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_a_killed_process_import_is_taken_over_and_nothing_is_doubled(
    in_tenant: Tenant, steps: int
) -> None:
    job = started(in_tenant)
    theirs = importing.claim_import(worker="killed")
    assert theirs is not None
    for _ in range(steps):
        importer.step(theirs)
    assert importing.claim_import(worker="other") is None  # its lease still holds
    died(job)
    job = finished(job)
    assert (job.state, job.total, job.done, counts(job)) == ("done", 2, 2, (2, 0, 0, 0))
    assert Article.objects.count() == 2
    with pytest.raises(importing.ImportLost):
        importing.renew_import(job=theirs)


def test_who_has_lost_an_import_writes_nothing(in_tenant: Tenant) -> None:
    job = started(in_tenant)
    slow = importing.claim_import(worker="slow")
    assert slow is not None
    importer.step(slow)
    died(job)
    assert importing.claim_import(worker="quick") is not None
    with pytest.raises(importing.ImportLost):
        importer.step(slow)
    assert not Article.objects.exists()


def test_an_import_that_kills_its_processes_is_given_up(in_tenant: Tenant) -> None:
    job = started(in_tenant)
    for _ in range(importing.MAX_ATTEMPTS):
        assert importing.claim_import(worker="dies") is not None
        died(job)
    assert finished(job).state == "failed"


def test_imports_take_turns(in_tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "TURN", 0)
    order: list[int] = []
    step = importer.step

    def noted(job: ImportJob) -> bool:
        order.append(job.pk)
        return step(job)

    monkeypatch.setattr(importer, "step", noted)
    one = started(in_tenant)
    other = started(in_tenant, upload(FAQ.replace("Eight", "Nine"), "other.md"))
    importer.import_pending()
    assert order[:4] == [one.pk, other.pk, one.pk, other.pk]
    assert Article.objects.count() == 4


def test_a_cancelled_import_stops_and_can_go_on(in_tenant: Tenant) -> None:
    job = started(in_tenant)
    theirs = importing.claim_import(worker="one")
    assert theirs is not None
    importer.step(theirs)
    importer.step(theirs)
    cancel_import(job=job)
    with pytest.raises(importing.ImportLost):
        importer.step(theirs)
    assert finished(job).state == "cancelled"
    assert Article.objects.count() == 1
    with pytest.raises(ImportFinished):
        cancel_import(job=job)
    retry_import(job=job)
    assert (finished(job).state, counts(job)) == ("done", (2, 0, 0, 0))


def test_cancelled_before_it_was_read_a_file_is_not_kept(in_tenant: Tenant) -> None:
    job = started(in_tenant)
    cancel_import(job=job)
    job.refresh_from_db()
    assert (storage(in_tenant), kept_bytes(in_tenant)) == (0, 0)
    assert (job.done, told(job)) == (1, [("faq.md", "cancelled")])
    with pytest.raises(NothingToRetry):
        retry_import(job=job)


def test_an_import_of_nothing_is_refused(in_tenant: Tenant) -> None:
    with pytest.raises(NothingToImport):
        start_import(tenant=in_tenant)


def test_only_what_is_over_can_be_tried_again(in_tenant: Tenant) -> None:
    job = started(in_tenant)
    with pytest.raises(NothingToRetry):
        retry_import(job=job)
    with pytest.raises(NothingToRetry):
        retry_import(job=finished(job))
    assert job.state == "done"


# -- pages


Pages = Callable[[dict[str, Any]], None]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    """What stands at addresses: a Response, or an error that is raised."""
    known: dict[str, Any] = {}

    def fetch(url: str, **options: Any) -> Response:
        assert options["timeout"] < importing.LEASE.total_seconds()
        found = known[url]
        if isinstance(found, ApplicationError):
            raise found
        assert isinstance(found, Response)
        return found

    monkeypatch.setattr(outbound, "fetch", fetch)
    return known.update


def page(
    body: bytes, content_type: str = "text/html", status: int = 200, url: str = ""
) -> Response:
    return Response(status, content_type, body, url or "https://a.example/page")


def fetched(tenant: Tenant, *urls: str) -> ImportJob:
    return finished(start_import(tenant=tenant, urls=urls))


def test_pages_are_fetched_and_known_by_their_address(in_tenant: Tenant, pages: Pages) -> None:
    address = "https://a.example/fees"
    pages({address: page(b"<h1>Fees</h1><p>Eight.")})
    assert counts(fetched(in_tenant, address)) == (1, 0, 0, 0)
    assert counts(fetched(in_tenant, address)) == (0, 0, 1, 0)
    pages({address: page(b"<h1>Our fees</h1><p>Nine.")})
    assert counts(fetched(in_tenant, address)) == (0, 1, 0, 0)
    article = Article.objects.get()
    assert (article.title, article.source) == ("Our fees", address)


def test_a_list_of_addresses_may_hold_any_kind(in_tenant: Tenant, pages: Pages) -> None:
    pages(
        {
            "https://a.example/1": page(files.pdf(["Text of it."]), "application/pdf"),
            "https://a.example/2": page(
                b"# A\n\na\n\n# B\n\nb", "text/plain", url="https://x/f.md"
            ),
            "https://a.example/3": page("<p>退货".encode("gbk"), "text/html"),
        }
    )
    job = fetched(in_tenant, *(f"https://a.example/{number}" for number in (1, 2, 3)))
    assert counts(job) == (4, 0, 0, 0)


def test_why_a_page_is_not_taken_is_told(in_tenant: Tenant, pages: Pages) -> None:
    pages(
        {
            "https://a.example/gone": page(b"", status=404),
            "https://a.example/picture": page(b"", "image/png"),
            "http://10.0.0.1/": outbound.Refused("Not on the open internet."),
            "https://away.example/": outbound.Unreachable("It can't be reached."),
        }
    )
    urls = ("https://a.example/gone", "https://a.example/picture")
    job = fetched(in_tenant, *urls, "http://10.0.0.1/", "https://away.example/")
    assert [fault for _, fault in told(job)] == [
        "page_status",
        "page_type",
        "not_fetched",
        "not_fetched",
    ]
    pages({"https://a.example/gone": page(b"<h1>Back</h1><p>Here.")})
    retry_import(job=job)
    assert counts(finished(job)) == (1, 0, 0, 3)


@pytest.mark.parametrize("url", ["ftp://a.example/", "javascript:alert(1)", "a.example", "x" * 999])
def test_what_is_no_address_is_refused(in_tenant: Tenant, url: str) -> None:
    with pytest.raises(ApplicationError) as refusal:
        start_import(tenant=in_tenant, urls=[url])
    assert refusal.value.code == "wrong_address"
    assert not ImportJob.objects.exists()


# -- who hears of it


def test_its_start_and_its_end_have_a_line_each(in_tenant: Tenant, ben: User) -> None:
    job = start_import(tenant=in_tenant, files=[upload()], by=ben)
    finished(job)
    lines = AuditEntry.objects.filter(target_type="import").order_by("id")
    assert [(line.action, line.actor_label) for line in lines] == [
        ("import.start", "ben"),
        ("import.finish", "ben"),
    ]
    assert lines[1].data == {"created": 2, "updated": 0, "skipped": 0, "failed": 0}


def test_who_started_it_hears_how_far_it_is(
    in_tenant: Tenant, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[list[str], ImportProgress]] = []

    def note(event: ImportProgress, *, to: list[str], **_: Any) -> None:
        told.append((to, event))

    monkeypatch.setattr(publish, "event", note)
    finished(start_import(tenant=in_tenant, files=[upload()], by=ben))
    assert {tuple(to) for to, _ in told} == {(f"sse:agent:{ben.pk}",)}
    assert [(event.state, event.done, event.total) for _, event in told] == [
        ("running", 0, 2),
        ("running", 1, 2),
        ("running", 2, 2),
        ("done", 2, 2),
    ]


def test_the_neighbours_import_touches_only_their_articles(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    for each in (tenant, other_tenant):
        with tenant_scope(each):
            started(each)
    importer.import_pending()
    for each in (tenant, other_tenant):
        with tenant_scope(each):
            assert Article.objects.count() == 2
            assert ImportJob.objects.get().created == 2
