"""What people do with imports; how they are worked on is in importing.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatbot.knowledge.imports.uploads import Upload
from chatbot.knowledge.models import ImportItem, ImportJob, ImportSource
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.kernel.errors import Conflict, InvalidInput
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.quotas import QuotaExhausted

MOST_FILES = 20
MOST_ADDRESSES = 200
LONGEST_ADDRESS = 450


class NothingToImport(InvalidInput):
    code = "nothing_to_import"
    title = _("There is nothing to import.")
    hint = _("Send at least one file or address.")


class WrongAddress(InvalidInput):
    code = "wrong_address"
    title = _("This is no http:// or https:// address.")


class ImportFinished(Conflict):
    code = "import_finished"
    title = _("This import is over.")


class NothingToRetry(Conflict):
    code = "nothing_to_retry"
    title = _("Nothing of this import can be tried again.")
    hint = _("Mend the files and upload them anew.")


@dataclass(frozen=True)
class Options:
    """`language` "" is that of each text, `category` where a document names none; new articles
    are published or stay drafts."""

    language: str = ""
    category: str = ""
    publish: bool = False


@transaction.atomic
def start_import(
    *,
    tenant: Tenant,
    files: Sequence[Upload] = (),
    urls: Sequence[str] = (),
    options: Options = Options(),
    by: Any = None,
) -> ImportJob:
    """Have files, or what stands at addresses, made articles; some process takes it up soon.

    A file for which the plan's storage is too small is refused in the import's report.
    """
    if not files and not urls:
        raise NothingToImport
    job: ImportJob = ImportJob.objects.create(
        tenant=tenant,
        kind=ImportJob.Kind.FILES if files else ImportJob.Kind.URLS,
        language=options.language,
        category=" ".join(options.category.split())[:80],
        publish=options.publish,
        total=len(files) + len(urls),
        started_by=by,
    )
    sources = [_file(job, each) for each in files] + [_page(job, each) for each in urls]
    ImportSource.objects.bulk_create(sources)
    _count_refused(job, sources)
    names = [source.name for source in sources][:20]
    actor = SYSTEM if by is None else Actor("user", str(by.pk), by.get_username())
    audit.record(
        tenant=tenant, actor=actor, action="import.start", target=job, data={"sources": names}
    )
    return job


@transaction.atomic
def cancel_import(*, job: ImportJob, actor: Actor = SYSTEM) -> None:
    """Stop after the document that is being saved; what is in stays. ImportFinished if it is."""
    now = timezone.now()
    open_one = ImportJob.objects.filter(pk=job.pk, state__in=ImportJob.UNFINISHED)
    if not open_one.update(state=ImportJob.State.CANCELLED, finished_at=now, lease_until=None):
        raise ImportFinished
    waiting = ImportSource.objects.filter(job=job, state=ImportSource.State.WAITING)
    unread = list(waiting.filter(job__kind=ImportJob.Kind.FILES).only("pk", "size"))
    quotas.give_back(
        tenant=job.tenant, metric=Metric.STORAGE, amount=sum(each.size for each in unread)
    )
    waiting.filter(pk__in=[each.pk for each in unread]).update(
        state=ImportSource.State.FAILED, fault="cancelled", content=b"", size=0
    )
    ImportJob.objects.filter(pk=job.pk).update(
        done=F("done") + len(unread), failed=F("failed") + len(unread)
    )
    audit.record(tenant=job.tenant, actor=actor, action="import.cancel", target=job)


@transaction.atomic
def retry_import(*, job: ImportJob, actor: Actor = SYSTEM) -> None:
    """Try again what was not taken and may be now, and go on where it was stopped.

    ImportFinished is not raised here: NothingToRetry if there is nothing such, or it still runs.
    """
    over = ImportJob.objects.filter(pk=job.pk).exclude(state__in=ImportJob.UNFINISHED)
    if not over.update(state=ImportJob.State.QUEUED, attempts=0, finished_at=None):
        raise NothingToRetry
    items = ImportItem.objects.filter(job=job, state=ImportItem.State.FAILED).exclude(draft={})
    pages = ImportSource.objects.filter(job=job, kind="url", state=ImportSource.State.FAILED)
    again = items.update(state=ImportItem.State.WAITING, fault="", details={})
    again += pages.update(state=ImportSource.State.WAITING, fault="", details={})
    left = job.total - job.done
    if not again and not left:
        raise NothingToRetry
    ImportJob.objects.filter(pk=job.pk).update(done=F("done") - again, failed=F("failed") - again)
    audit.record(tenant=job.tenant, actor=actor, action="import.retry", target=job)


def _file(job: ImportJob, upload: Upload) -> ImportSource:
    source = ImportSource(tenant=job.tenant, job=job, name=upload.name, kind=upload.kind)
    try:
        quotas.spend(tenant=job.tenant, metric=Metric.STORAGE, amount=len(upload.content))
    except QuotaExhausted as refusal:
        source.state, source.fault = ImportSource.State.FAILED, "quota_exhausted"
        source.details = refusal.extra
    else:
        source.content, source.size = upload.content, len(upload.content)
    return source


def _page(job: ImportJob, url: str) -> ImportSource:
    if len(url) > LONGEST_ADDRESS or not url.lower().startswith(("http://", "https://")):
        raise WrongAddress(f"{url[:LONGEST_ADDRESS]}: {WrongAddress.title}")
    return ImportSource(tenant=job.tenant, job=job, name=url, kind="url")


def _count_refused(job: ImportJob, sources: Sequence[ImportSource]) -> None:
    job.done = job.failed = sum(each.state == ImportSource.State.FAILED for each in sources)
    if job.failed:
        job.save(update_fields=["done", "failed"])
