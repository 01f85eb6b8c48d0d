"""Works on imports in turn: reads what is to be read, then makes articles of what was found."""

import time
from urllib.parse import urlsplit

import structlog
from django.db import DataError
from django.utils import translation

from chatbot.knowledge.imports.child import read_apart
from chatbot.knowledge.imports.documents import Fault, Findings
from chatbot.knowledge.imports.kinds import kind_of
from chatbot.knowledge.models import ImportItem, ImportJob, ImportSource
from chatbot.knowledge.services import importing
from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.ids import worker_name
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.protection import outbound
from chatplatform.protection.uploads import LARGEST

logger = structlog.get_logger(__name__)

TURN = 5.0  # seconds; then the next import, perhaps another company's, has its turn
REST = 0.01  # between two documents: SQLite's other writers want its lock too
FETCH_SECONDS = 20.0  # shorter than a lease
_KINDS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "text/markdown": "md",
    "text/plain": "md",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


def import_pending() -> None:
    """Work until nothing is left; called again and again by the chatbot's background thread."""
    worker = worker_name()
    while job := importing.claim_import(worker=worker):
        language = job.started_by.language if job.started_by else ""
        with (
            tenant_scope(job.tenant),
            translation.override(language or job.tenant.default_language),
        ):
            try:
                work(job)
            except importing.ImportLost:
                logger.info("import_lost", job=job.pk)


def work(job: ImportJob) -> None:
    """One turn of the import: to its end, or until others want theirs."""
    if job.attempts > importing.MAX_ATTEMPTS:
        importing.finish_import(job=job, failed=True)
        return
    until = time.monotonic() + TURN
    while step(job):
        if time.monotonic() > until:
            importing.let_others_in(job=job)
            return
        time.sleep(REST)
    importing.finish_import(job=job)


def step(job: ImportJob) -> bool:
    """Read one source, or save one document; False if there is neither."""
    source = ImportSource.objects.filter(job=job, state=ImportSource.State.WAITING).first()
    if source is not None:
        importing.take_in(source=source, job=job, findings=findings_of(source, job))
        return True
    waiting = ImportItem.objects.filter(job=job, state=ImportItem.State.WAITING)
    item = waiting.select_related("source").first()
    if item is None:
        return False
    try:
        importing.import_item(item=item, job=job)
    except (DataError, ValueError):  # what the database can't keep
        logger.exception("document_not_imported", job=job.pk, item=item.pk)
        importing.give_up_item(item=item, job=job)
    return True


def findings_of(source: ImportSource, job: ImportJob) -> Findings:
    """What a file holds, or the page at an address."""
    content, kind, charset = bytes(source.content), source.kind, ""
    importing.renew_import(job=job)
    if kind == "url":
        try:
            page = outbound.fetch(source.name, max_bytes=LARGEST, timeout=FETCH_SECONDS)
        except ApplicationError as refusal:
            return _fault("not_fetched", why=str(refusal.detail))
        content, kind, charset = page.body, _kind_of(page), page.charset
        if not 200 <= page.status < 300:
            return _fault("page_status", status=page.status)
        if not kind:
            return _fault("page_type", type=page.content_type[:80] or "?")
    return read_apart(
        kind,
        source.name,
        content,
        charset=charset,
        still_waiting=lambda: importing.renew_import(job=job),
    )


def _kind_of(page: outbound.Response) -> str:
    by_name = kind_of(urlsplit(page.final_url).path)
    by_type = _KINDS.get(page.content_type, "")
    named_better = by_name and (page.content_type in ("text/plain", "application/octet-stream", ""))
    kind = by_name if named_better else by_type
    return "" if kind == "zip" else kind


def _fault(code: str, **details: object) -> Findings:
    return Findings(faults=[Fault("", code, details)])
