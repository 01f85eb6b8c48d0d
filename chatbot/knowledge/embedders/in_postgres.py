"""Vectors in pgvector, where the database is PostgreSQL and has or may have that extension.

A column beside the bytes, so that the nearest of many texts are found without loading them all.
Everything works without it.
"""

from collections.abc import Collection, Mapping
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction

from chatbot.knowledge.embedders.embedding import Vectors

logger = structlog.get_logger(__name__)

_TABLE = "embedders_textvector"
_COLUMN = "embedding"
_there: dict[str, bool] = {}  # by database: a process asks once


def prepare(**_: Any) -> None:
    """After every migrate: make the column if the extension is there or may be made."""
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
            cursor.execute(f"ALTER TABLE {_TABLE} ADD COLUMN IF NOT EXISTS {_COLUMN} halfvec")
    except DatabaseError as error:
        logger.info("pgvector_not_used", why=str(error).splitlines()[0])
    _there.clear()


def is_there() -> bool:
    """Whether vectors are kept in pgvector."""
    if connection.vendor != "postgresql":
        return False
    name = str(connection.settings_dict["NAME"])
    if name not in _there:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = %s "
                "AND NOT attisdropped",
                [_TABLE, _COLUMN],
            )
            _there[name] = cursor.fetchone() is not None
    return _there[name]


def copy(tenant: int, model: str, vectors: Mapping[str, Vectors]) -> None:
    """Keep them in the column, too; their rows are there."""
    rows = [(_literal(vector), tenant, model, key) for key, vector in vectors.items()]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {_TABLE} SET {_COLUMN} = %s::halfvec "  # noqa: S608 - names of ours
            "WHERE tenant_id = %s AND model = %s AND text_hash = %s",
            rows,
        )


def nearest(
    tenant: int, model: str, vector: Vectors, among: Collection[str], limit: int
) -> list[str]:
    """The keys of the texts among those that are nearest, nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT text_hash FROM {_TABLE} "  # noqa: S608 - names of ours
            f"WHERE tenant_id = %s AND model = %s AND text_hash = ANY(%s) "
            f"AND {_COLUMN} IS NOT NULL ORDER BY {_COLUMN} <=> %s::halfvec LIMIT %s",
            [tenant, model, list(among), _literal(vector), limit],
        )
        return [str(key) for (key,) in cursor.fetchall()]


def _literal(vector: Vectors) -> str:
    return f"[{','.join(f'{number:.5g}' for number in vector.tolist())}]"
