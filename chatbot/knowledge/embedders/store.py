"""Vectors in the database: bytes of half-precision numbers, by model and hash of the text."""

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from chatbot.knowledge.embedders import in_postgres
from chatbot.knowledge.embedders.embedding import Vectors
from chatbot.knowledge.embedders.models import TextVector
from chatplatform.tenants.models import Tenant

_STORED = np.dtype("<f2")


def stored(model: str) -> dict[str, Vectors]:
    """Every vector that the tenant in scope has by that model, by the text's key."""
    rows = TextVector.objects.filter(model=model).values_list("text_hash", "vector")
    return {key: _read(row) for key, row in rows}


def stored_keys(model: str) -> set[str]:
    """The keys of the texts that need no embedding."""
    return set(TextVector.objects.filter(model=model).values_list("text_hash", flat=True))


def store(tenant: Tenant, model: str, vectors: Mapping[str, Vectors]) -> None:
    """Keep them; one that somebody else stored meanwhile stays."""
    rows = [
        TextVector(tenant=tenant, model=model, text_hash=key, vector=row.astype(_STORED).tobytes())
        for key, row in vectors.items()
    ]
    TextVector.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)
    if in_postgres.is_there():
        in_postgres.copy(tenant.pk, model, vectors)


def nearest(
    tenant: Tenant, model: str, vector: Vectors, among: Collection[str], limit: int
) -> dict[str, Vectors]:
    """The vectors, by key, of those among the texts that are nearest, nearest first.

    Found by pgvector where it is, else by reading them all.
    """
    if in_postgres.is_there():
        keys = in_postgres.nearest(tenant.pk, model, vector, among, limit)
        rows = TextVector.objects.filter(model=model, text_hash__in=keys)
        found = {key: _read(row) for key, row in rows.values_list("text_hash", "vector")}
        return {key: found[key] for key in keys}
    known = {key: row for key, row in stored(model).items() if key in among}
    order = sorted(known, key=lambda key: -float(known[key] @ vector))[:limit]
    return {key: known[key] for key in order}


def forget(model: str, needed: Iterable[str]) -> int:
    """Delete what no text needs any more, and everything by other models; how many."""
    others, _ = TextVector.objects.exclude(model=model).delete()
    unused = stored_keys(model) - set(needed)
    for part in _parts(sorted(unused), 500):
        TextVector.objects.filter(model=model, text_hash__in=part).delete()
    return int(others) + len(unused)


def _read(row: bytes | memoryview) -> Vectors:
    return np.frombuffer(bytes(row), _STORED).astype(np.float32)


def _parts(keys: list[str], size: int) -> Iterable[list[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))
