"""History as a CSV file that spreadsheets open without running anything in it."""

import csv
from collections.abc import AsyncIterator, Sequence
from datetime import UTC
from io import StringIO
from json import dumps
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from chatplatform.audit import words
from chatplatform.audit.models import AuditEntry
from realtime.threads import in_thread

PAGE = 1_000  # lines a query: the file grows without a query that lasts as long as its reader
_BYTE_ORDER_MARK = "\ufeff"  # else Excel takes UTF-8 for the machine's own code page
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def csv_of(lines: QuerySet[AuditEntry], language: str) -> AsyncIterator[bytes]:
    """The lines, newest first, in portions; headers and words in that language.

    `lines` must have been narrowed to what the reader may see: it is read outside every scope.
    """
    yield await in_thread(_header, language)
    page = await in_thread(_page, lines, None)
    while page:
        yield await in_thread(_rows, page, language)
        page = await in_thread(_page, lines, page[-1].pk) if len(page) == PAGE else []


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows instead of calculating it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _page(lines: QuerySet[AuditEntry], before: int | None) -> list[AuditEntry]:
    older = lines if before is None else lines.filter(pk__lt=before)
    return list(older.order_by("-pk")[:PAGE])


def _header(language: str) -> bytes:
    with translation.override(language):
        names = [
            *(_("Time (UTC)"), _("Actor"), _("Kind of actor"), _("Action"), _("Action code")),
            *(_("Target"), _("Target id"), _("Before"), _("After"), _("Details")),
            *(_("Address"), _("Request id"), _("Number"), _("Digest")),
        ]
    return (_BYTE_ORDER_MARK + _written([names])).encode()


def _rows(page: Sequence[AuditEntry], language: str) -> bytes:
    with translation.override(language):
        return _written([_cells(entry) for entry in page]).encode()


def _cells(entry: AuditEntry) -> list[str]:
    return [
        entry.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        words.actor_name(entry),
        words.kind_name(entry.actor_kind),
        words.action_name(entry.action),
        entry.action,
        words.target_name(entry),
        entry.target_id,
        *(_json(part) for part in (entry.before, entry.after, entry.data)),
        entry.address,
        entry.request_id,
        str(entry.sequence or ""),
        entry.digest,
    ]


def _json(value: Any) -> str:
    return dumps(value, ensure_ascii=False) if value else ""


def _written(rows: list[list[str]]) -> str:
    text = StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue()
