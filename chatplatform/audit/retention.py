"""How long history is kept. What goes is the beginning of a chain; the rest stays verifiable."""

import gzip
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from chatplatform.audit import services
from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.models import AuditChain, AuditEntry
from chatplatform.audit.sealing import content, key_of, lines_of
from chatplatform.audit.verification import verify_until

logger = structlog.get_logger(__name__)

BATCH = 1_000  # lines a transaction
_Tenant = AuditEntry._meta.get_field("tenant").related_model


@dataclass(frozen=True)
class Trimmed:
    """What went: lines `first` to `last` of a tenant, and the file they were archived to, if so."""

    tenant: str
    first: int
    last: int
    archive: Path | None

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


def trim_daily() -> None:
    """Keep to AUDIT_RETENTION_DAYS; 0 keeps history for ever."""
    if settings.AUDIT_RETENTION:
        trim(keep=settings.AUDIT_RETENTION)


def trim(*, keep: timedelta, only: str | None = None, archive: Path | None = None) -> list[Trimmed]:
    """Remove sealed lines older than `keep`, of every tenant or of `only` that slug.

    With `archive`, a folder, each tenant's lines are first written there: gzipped JSON lines.
    """
    before = timezone.now() - keep
    done = (_trim(pk, slug, before, archive) for pk, slug in chains(only))
    return [trimmed for trimmed in done if trimmed]


def chains(only: str | None = None) -> list[tuple[int | None, str]]:
    """Whose history there is: tenants by key and slug; (None, "") is the installation."""
    tenants = _Tenant._default_manager.order_by("slug")
    if only is not None:
        return list(tenants.filter(slug=only).values_list("pk", "slug"))
    return [(None, ""), *tenants.values_list("pk", "slug")]


def _trim(
    tenant_id: int | None, slug: str, before: datetime, archive: Path | None
) -> Trimmed | None:
    chain = AuditChain.objects.filter(pk=key_of(tenant_id)).first()
    if chain is None:
        return None
    sealed = lines_of(tenant_id).filter(sequence__gt=chain.trimmed)
    kept = sealed.filter(at__gte=before).aggregate(first=Min("sequence"))["first"]
    last = chain.length if kept is None else kept - 1
    if last <= chain.trimmed or not _is_right(tenant_id, slug, chain, last):
        return None
    file = _write_archive(archive, tenant_id, slug, chain, last) if archive else None
    trimmed = Trimmed(slug, chain.trimmed + 1, last, file)
    while chain.trimmed < last:
        _forget(chain, tenant_id, upto=min(chain.trimmed + BATCH, last))
    _tell(tenant_id, trimmed)
    return trimmed


def _is_right(tenant_id: int | None, slug: str, chain: AuditChain, last: int) -> bool:
    """Whoever tampered with old lines must not see the trace removed by us."""
    verdict = verify_until(tenant_id, chain, last)
    if not verdict.ok:
        logger.error("audit_not_trimmed", tenant=slug, line=verdict.broken_at, fault=verdict.fault)
    return verdict.ok


@transaction.atomic
def _forget(chain: AuditChain, tenant_id: int | None, *, upto: int) -> None:
    """Move the anchor and delete what is before it; another process at it leaves nothing to do."""
    lines = lines_of(tenant_id).filter(sequence__gt=chain.trimmed, sequence__lte=upto)
    anchor = lines.filter(sequence=upto).values_list("digest", flat=True).first()
    unmoved = AuditChain.objects.filter(pk=chain.pk, trimmed=chain.trimmed)
    if anchor is not None and unmoved.update(trimmed=upto, anchor=anchor):
        lines.delete()
    chain.trimmed = upto


@transaction.atomic
def _tell(tenant_id: int | None, trimmed: Trimmed) -> None:
    tenant = None if tenant_id is None else _Tenant._default_manager.get(pk=tenant_id)
    services.record(
        tenant=tenant,
        actor=SYSTEM,
        action="audit.trim",
        target=trimmed.tenant or "installation",
        data={"first": trimmed.first, "last": trimmed.last, "archived": bool(trimmed.archive)},
    )


def _write_archive(
    folder: Path, tenant_id: int | None, slug: str, chain: AuditChain, last: int
) -> Path:
    """Written beside and renamed, so that a file of that name is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    first = chain.trimmed + 1
    file = folder / f"{slug or '_installation'}-{first}-{last}.jsonl.gz"
    lines = lines_of(tenant_id).filter(sequence__gte=first, sequence__lte=last)
    header = {"tenant": slug, "first": first, "last": last, "previous": chain.anchor}
    unfinished = file.with_suffix(".part")
    with unfinished.open("wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8") as out:
            out.write(json.dumps(header) + "\n")
            for line in lines.order_by("sequence").iterator(chunk_size=2_000):
                sealed = {"sequence": line.sequence, "digest": line.digest, **content(line)}
                out.write(json.dumps(sealed, ensure_ascii=False) + "\n")
        raw.flush()
        os.fsync(raw.fileno())
    unfinished.rename(file)
    return file
