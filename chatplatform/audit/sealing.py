"""The hash chain: each line's digest covers the line and the digest before it.

Lines are written without a place in the chain, so that whoever writes one waits for nobody. A job
gives them their places soon after. A line that is changed, taken out or put in later breaks it.
"""

import json
from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from chatplatform.audit.models import AuditChain, AuditEntry

BATCH = 500  # lines a transaction: on SQLite every other writer waits for its end


class Overtaken(Exception):
    """Another process sealed these lines at the same time."""


def content(entry: AuditEntry) -> dict[str, Any]:
    """All that a line says, as JSON; what its digest covers."""
    return {
        "id": entry.pk,
        "tenant": entry.tenant_id,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": [entry.actor_kind, entry.actor_id, entry.actor_label],
        "action": entry.action,
        "target": [entry.target_type, entry.target_id],
        "before": entry.before,
        "after": entry.after,
        "data": entry.data,
        "address": entry.address,
        "request_id": entry.request_id,
    }


def digest(previous: str, sequence: int, line: dict[str, Any]) -> str:
    """SHA-256 in hex over the digest before, the line's number and its content, sorted by key."""
    text = json.dumps(line, sort_keys=True, separators=(",", ":"))
    return sha256(f"{previous}\n{sequence}\n{text}".encode()).hexdigest()


def key_of(tenant_id: int | None) -> int:
    """The key of a tenant's chain; the installation's for None."""
    return AuditChain.INSTALLATION if tenant_id is None else tenant_id


def lines_of(tenant_id: int | None) -> QuerySet[AuditEntry]:
    """Every line of that chain, sealed or not, past scopes and the append-only manager."""
    if tenant_id is None:
        return AuditEntry._base_manager.filter(tenant__isnull=True)
    return AuditEntry._base_manager.filter(tenant=tenant_id)


def seal_waiting() -> int:
    """Give every waiting line of every tenant its place; how many this process sealed."""
    waiting = AuditEntry._base_manager.filter(sequence__isnull=True)
    tenants = waiting.order_by().values_list("tenant_id", flat=True).distinct()
    return sum(seal(tenant_id) for tenant_id in list(tenants))


def seal(tenant_id: int | None) -> int:
    """Seal one tenant's waiting lines, as they come; another process at it goes first."""
    try:
        return sum(_batches(tenant_id))
    except Overtaken:
        return 0


def _batches(tenant_id: int | None) -> Iterator[int]:
    while True:
        # The chain is read first: whoever seals these lines meanwhile moves it, and is noticed.
        chain, _ = AuditChain.objects.get_or_create(pk=key_of(tenant_id))
        lines = list(lines_of(tenant_id).filter(sequence__isnull=True).order_by("id")[:BATCH])
        if lines:
            _append(chain, lines)
            yield len(lines)
        if len(lines) < BATCH:
            return


def _append(chain: AuditChain, lines: list[AuditEntry]) -> None:
    head, places = chain.head, []
    for sequence, line in enumerate(lines, start=chain.length + 1):
        head = digest(head, sequence, content(line))
        places.append((sequence, head, line.pk))
    with transaction.atomic():
        still = AuditChain.objects.filter(pk=chain.pk, length=chain.length, head=chain.head)
        if not still.update(length=chain.length + len(lines), head=head):
            raise Overtaken
        _write(places)


def _write(places: list[tuple[int, str, int]]) -> None:
    """One statement for all of them; bulk_update's CASE takes several times as long."""
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET sequence = %s, digest = %s WHERE id = %s",  # noqa: S608 - our own name
            places,
        )
