"""After a test with real transactions: the tables as migrations left them, in milliseconds.

Django's flush makes content types, permissions and roles anew each time, which takes longer than
most tests do; here the rows that migrations made are kept, and put back where they changed.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker


class Slate:
    """The rows of a fresh database."""

    def __init__(self) -> None:
        self._tables = connection.introspection.django_table_names(
            only_existing=True, include_views=False
        )
        self._rows = {table: rows for table in self._tables if (rows := _read(table))}

    def restore(self) -> None:
        """All tables as they were; their sequences go on counting, as after a flush."""
        with transaction.atomic(durable=True):  # keys between tables are checked at its end
            for table in self._tables:
                rows = self._rows.get(table)
                if not rows or _read(table) != rows:
                    _write(table, rows or [])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Slate]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        slate = Slate()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: slate.restore())
        yield slate


def _read(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608 - a model's table
        return list(cursor.fetchall())


def _write(table: str, rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 - likewise
        if rows:
            values = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {_quoted(table)} VALUES ({values})", rows)  # noqa: S608


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)
