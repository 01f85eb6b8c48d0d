"""How an import is worked on: claimed under a lease, one file or document a transaction.

Whoever takes over from a killed process goes on where that had stopped: what a transaction did
and that it is done are one.
"""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from chatbot.knowledge.events import ImportProgress
from chatbot.knowledge.imports.documents import Document, Findings
from chatbot.knowledge.models import Article, ImportItem, ImportJob, ImportSource
from chatbot.knowledge.publication import publishing
from chatbot.knowledge.services.articles import Draft, Origin, save_article
from chatbot.knowledge.words import language_of
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.quotas import QuotaExhausted
from realtime import channels, publish

# A killed process' import is free again after this; whoever works on it renews it with every step,
# and every five seconds while a file is being read or a page fetched.
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 5  # times it took its process down with it


class ImportLost(Exception):
    """It was taken over by another worker, or cancelled."""


def claim_import(*, worker: str) -> ImportJob | None:
    """The free import whose turn it is, now the worker's; None if there is none."""
    with all_tenants():
        for seen in ImportJob.objects.filter(_free(timezone.now())).order_by("updated_at")[:16]:
            now = timezone.now()
            mine = {"state": ImportJob.State.RUNNING, "worker": worker, "updated_at": now}
            still_free = ImportJob.objects.filter(_free(now), pk=seen.pk, attempts=seen.attempts)
            if still_free.update(lease_until=now + LEASE, attempts=F("attempts") + 1, **mine):
                job: ImportJob = ImportJob.objects.select_related("tenant__plan", "started_by").get(
                    pk=seen.pk
                )
                return job
    return None


def renew_import(*, job: ImportJob) -> None:
    """Keep it while working on it; ImportLost if it is no longer the worker's."""
    _hold(job)


@transaction.atomic
def let_others_in(*, job: ImportJob) -> None:
    """Its turn is over for now: it waits behind the others, and its attempts count anew."""
    _hold(job, state=ImportJob.State.QUEUED, lease_until=None, attempts=0)


@transaction.atomic
def take_in(*, source: ImportSource, job: ImportJob, findings: Findings) -> None:
    """Keep what was found in a source in place of it."""
    whole = [fault for fault in findings.faults if not fault.place]
    if whole and not findings.documents:
        done, changes = 1, {"fault": whole[0].code, "details": whole[0].details}
        state, added = ImportSource.State.FAILED, 0
    else:
        items = [*_failed(source, findings), *_waiting(source, findings)]
        ImportItem.objects.bulk_create(items, batch_size=500)
        done, changes = len(findings.faults), {}
        state, added = ImportSource.State.READ, len(items) - 1
    _hold(job, total=F("total") + added, done=F("done") + done, failed=F("failed") + done)
    ImportSource.objects.filter(pk=source.pk).update(state=state, content=b"", size=0, **changes)
    if source.size:
        quotas.give_back(tenant=job.tenant, metric=Metric.STORAGE, amount=source.size)
    _tell(job)


def import_item(*, item: ImportItem, job: ImportJob) -> None:
    """Make an article of a document, or change the one that came from the same place before."""
    try:
        _import(item, job)
    except QuotaExhausted as refusal:
        _refuse(item, job, "quota_exhausted", refusal.extra)
    except ApplicationError as refusal:
        _refuse(item, job, "refused", {"why": str(refusal.detail)})


@transaction.atomic
def give_up_item(*, item: ImportItem, job: ImportJob) -> None:
    """It can't be saved, for no reason that we foresaw."""
    ImportItem.objects.filter(pk=item.pk).update(
        state=ImportItem.State.FAILED, fault="unforeseen", details={}
    )
    _hold(job, done=F("done") + 1, failed=F("failed") + 1)
    _tell(job)


@transaction.atomic
def finish_import(*, job: ImportJob, failed: bool = False) -> None:
    """Nothing is left to do, or nothing can be done."""
    state = ImportJob.State.FAILED if failed else ImportJob.State.DONE
    _hold(job, state=state, finished_at=timezone.now(), lease_until=None)
    job.refresh_from_db()
    counts = {name: getattr(job, name) for name in ("created", "updated", "skipped", "failed")}
    audit.record(
        tenant=job.tenant, actor=_actor(job), action="import.finish", target=job, data=counts
    )
    _tell(job)


def _free(now: datetime) -> Q:
    return Q(state__in=ImportJob.UNFINISHED) & (Q(lease_until=None) | Q(lease_until__lte=now))


def _hold(job: ImportJob, **changes: Any) -> None:
    """Change the worker's import and renew its lease; the attempt tells a worker from itself."""
    held: QuerySet[ImportJob] = ImportJob.objects.filter(
        pk=job.pk, state=ImportJob.State.RUNNING, worker=job.worker, attempts=job.attempts
    )
    now = timezone.now()
    if not held.update(**{"lease_until": now + LEASE, "updated_at": now, **changes}):
        raise ImportLost


def _failed(source: ImportSource, findings: Findings) -> list[ImportItem]:
    return [
        ImportItem(
            tenant=source.tenant,
            job=source.job,
            source=source,
            place=fault.place,
            state=ImportItem.State.FAILED,
            fault=fault.code,
            details=fault.details,
        )
        for fault in findings.faults
    ]


def _waiting(source: ImportSource, findings: Findings) -> list[ImportItem]:
    drafts = Findings(findings.documents).as_json()["documents"]
    return [
        ImportItem(
            tenant=source.tenant, job=source.job, source=source, place=draft["place"], draft=draft
        )
        for draft in drafts
    ]


@publishing
def _import(item: ImportItem, job: ImportJob) -> None:
    try:
        with transaction.atomic():
            state, article = _saved(item, job)
    except IntegrityError:  # another import brought the same just now
        state, article = _saved(item, job)
    _end(item, job, state=state, fault="", details={}, article=article, draft={})


@transaction.atomic
def _refuse(item: ImportItem, job: ImportJob, fault: str, details: dict[str, Any]) -> None:
    """The draft is kept, to be tried again."""
    _end(item, job, state=ImportItem.State.FAILED, fault=fault, details=details, article=None)


def _end(item: ImportItem, job: ImportJob, *, state: ImportItem.State, **outcome: Any) -> None:
    ImportItem.objects.filter(pk=item.pk).update(state=state, **outcome)
    _hold(job, done=F("done") + 1, **{state.value: F(state.value) + 1})
    _tell(job)


def _saved(item: ImportItem, job: ImportJob) -> tuple[ImportItem.State, Article]:
    document = Document.of_json(item.draft)
    origin = Origin(_key(item), sha256(json.dumps(item.draft).encode()).hexdigest())
    known: Article | None = Article.objects.filter(tenant=job.tenant, source=origin.source).first()
    if known is not None and known.source_hash == origin.digest:
        return ImportItem.State.SKIPPED, known
    article = save_article(
        tenant=job.tenant,
        draft=_draft(document, job, known),
        article=known,
        actor=_actor(job),
        origin=origin,
    )
    return (ImportItem.State.UPDATED if known else ImportItem.State.CREATED), article


def _draft(document: Document, job: ImportJob, known: Article | None) -> Draft:
    """What editors added stays: other wordings, the category, whether it is published."""
    text = f"{document.title}\n{document.body}"
    language = document.language or job.language
    wordings = [*(known.wordings.splitlines() if known else ()), *document.similar]
    return Draft(
        title=document.title,
        language=language or language_of(text, fallback=_default_language(job)),
        body=document.body,
        category=document.category or (known.category if known else job.category),
        wordings=tuple(dict.fromkeys(wordings)),
        published=known.published if known else job.publish,
        translation_of=known.translation_of if known else None,
    )


def _default_language(job: ImportJob) -> str:
    chosen: str = job.tenant.default_language
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _key(item: ImportItem) -> str:
    """What tells the document from all others, also in the next import of the same file."""
    key = f"{item.source.name}#{item.place}" if item.place else item.source.name
    return key if len(key) <= 500 else f"{key[:435]}#{sha256(key.encode()).hexdigest()}"


def _actor(job: ImportJob) -> Actor:
    by = job.started_by
    return Actor("user", str(by.pk), by.get_username()) if by else SYSTEM


def _tell(job: ImportJob) -> None:
    if job.started_by_id is None:
        return
    names = ("state", "total", "done", "created", "updated", "skipped", "failed")
    now = ImportJob.objects.values("id", *names).get(pk=job.pk)
    to = [channels.agent(job.started_by_id)]
    publish.event(ImportProgress(**now), to=to, source="system", log=job.tenant.slug)
