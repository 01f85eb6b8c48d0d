"""Whether history is as it was sealed: the whole chain of a tenant, or an archived part of one."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Max, QuerySet

from chatplatform.audit.models import AuditChain, AuditEntry
from chatplatform.audit.sealing import content, digest, key_of, lines_of

Progress = Callable[[int], object]
Link = tuple[int, str, dict[str, Any]]  # a sealed line: number, digest, content
_READ_AT_ONCE = 2_000


@dataclass(frozen=True)
class Verdict:
    """What was found: lines that are sealed and right, lines that wait for their seal, and the
    number and fault ("changed", "missing", "cut off", "added") of the first wrong one, if any."""

    right: int
    waiting: int
    head: str
    broken_at: int | None = None
    fault: str = ""

    @property
    def ok(self) -> bool:
        return self.broken_at is None


def verify(tenant_id: int | None, *, progress: Progress | None = None) -> Verdict:
    """Read a tenant's chain (None: the installation's) from its anchor to its head.

    `progress` is told every now and then how many lines were right so far.
    """
    while True:
        # In this order: what is sealed after the first query is in the chain by the second.
        last = lines_of(tenant_id).aggregate(last=Max("sequence"))["last"] or 0
        chain = _chain(tenant_id)
        verdict = _judge(tenant_id, chain, last, progress)
        if verdict.ok or _chain(tenant_id).trimmed == chain.trimmed:
            return verdict  # else retention took lines away while we read


def verify_until(tenant_id: int | None, chain: AuditChain, last: int) -> Verdict:
    """Read the chain's beginning, up to the line `last`."""
    sealed = lines_of(tenant_id).filter(sequence__gt=chain.trimmed, sequence__lte=last)
    return _walk(_links(sealed), chain.trimmed, chain.anchor, last - chain.trimmed)


def verify_archive(file: Path) -> Verdict:
    """Read one file that retention wrote. It can't know what followed: its head is the anchor of
    the file after it, or of the tenant's chain."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        header = json.loads(next(lines))
        links = (_archived(json.loads(line)) for line in lines)
        expected = header["last"] - header["first"] + 1
        return _walk(links, header["first"] - 1, header["previous"], expected)


def _chain(tenant_id: int | None) -> AuditChain:
    return AuditChain.objects.filter(pk=key_of(tenant_id)).first() or AuditChain()


def _judge(
    tenant_id: int | None, chain: AuditChain, last: int, progress: Progress | None
) -> Verdict:
    sealed = lines_of(tenant_id).filter(sequence__gt=chain.trimmed, sequence__lte=chain.length)
    waiting = lines_of(tenant_id).filter(sequence__isnull=True).count()
    expected = chain.length - chain.trimmed
    found = _walk(_links(sealed), chain.trimmed, chain.anchor, expected, waiting, progress)
    if found.ok and found.head != chain.head:
        return Verdict(found.right, waiting, found.head, chain.length, "changed")
    if found.ok and last > chain.length:
        return Verdict(found.right, waiting, found.head, chain.length + 1, "added")
    return found


def _links(sealed: QuerySet[AuditEntry]) -> Iterator[Link]:
    rows = sealed.order_by("sequence").iterator(chunk_size=_READ_AT_ONCE)
    return ((row.sequence or 0, row.digest, content(row)) for row in rows)


def _walk(
    links: Iterable[Link],
    start: int,
    anchor: str,
    expected: int,
    waiting: int = 0,
    progress: Progress | None = None,
) -> Verdict:
    head, right = anchor, 0
    for sequence, sealed, line in links:
        due = start + right + 1
        if sequence != due:
            return Verdict(right, waiting, head, due, "missing")
        if digest(head, sequence, line) != sealed:
            return Verdict(right, waiting, head, due, "changed")
        head, right = sealed, right + 1
        if progress and right % _READ_AT_ONCE == 0:
            progress(right)
    if right < expected:
        return Verdict(right, waiting, head, start + right + 1, "cut off")
    return Verdict(right, waiting, head)


def _archived(line: dict[str, Any]) -> Link:
    return line.pop("sequence"), line.pop("digest"), line
