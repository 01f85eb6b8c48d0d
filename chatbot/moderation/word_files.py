"""Words as CSV files: to bring a list along, and to take it away."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from typing import IO, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.drafts import Draft, faults_of, fill
from chatbot.moderation.models import SensitiveWord
from chatbot.moderation.services import add_words
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.export import harmless
from chatplatform.kernel.errors import InvalidInput
from chatplatform.protection.uploads import MEGABYTE, check_upload
from chatplatform.tenants.models import Tenant

Chosen = TypeVar("Chosen")

COLUMNS = ("word", "category", "action", "applies_to", "enabled", "note")
LARGEST = 2 * MEGABYTE
MOST_ROWS = 20_000
_BYTE_ORDER_MARK = "\ufeff"  # else Excel takes UTF-8 for the machine's own code page
_YES = frozenset({"", "1", "yes", "true", "是"})
_NO = frozenset({"0", "no", "false", "否"})


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line of the file; the first is 1."""

    line: int
    word: str
    message: str


@dataclass(frozen=True)
class Report:
    """How many words are new, and which lines were left out."""

    added: int
    faults: list[Fault]


class BadLine(Exception):
    """A line says something else than a word."""


def import_words(*, tenant: Tenant, file: "UploadedFile[bytes]", actor: Actor = SYSTEM) -> Report:
    """Add the file's words to the tenant's list; lines with faults and known words are left out.

    The first line names the columns; only `word` is needed. Everything is looked at before the one
    short transaction, for which all who write may have to wait. FileTooLarge, WrongFileType, or
    InvalidInput for a file that is no such list.
    """
    check_upload(file, {"csv"}, most=LARGEST)
    rows = _rows(file.file)
    known = set(SensitiveWord.objects.filter(tenant=tenant).values_list("normal", flat=True))
    words, faults = [], []
    for line, cells in rows:
        try:
            word = _word(tenant, cells, known)
        except BadLine as fault:
            faults.append(Fault(line, cells.get("word", "")[:60], str(fault)))
        else:
            known.add(word.normal)
            words.append(word)
    added = add_words(tenant=tenant, words=words, left_out=len(faults), actor=actor)
    return Report(added, faults)


@transaction.atomic
def export_words(*, tenant: Tenant | None, words: Iterable[SensitiveWord], actor: Actor) -> str:
    """The words as a file that can be imported, and that a spreadsheet shows without running it."""
    text = StringIO(_BYTE_ORDER_MARK)
    text.seek(0, 2)
    written = csv.writer(text)
    written.writerow(COLUMNS)
    count = 0
    for count, word in enumerate(words, start=1):  # noqa: B007 - how many there were
        written.writerow(map(harmless, _cells(word)))
    target = tenant.slug if tenant else "installation"
    data = {"words": count}
    audit.record(
        tenant=tenant, actor=actor, action="sensitive_word.export", target=target, data=data
    )
    return text.getvalue()


def _cells(word: SensitiveWord) -> list[str]:
    applies_to = " ".join(speaker.value for speaker in Speaker if speaker in word.speakers)
    enabled = "yes" if word.enabled else "no"
    return [word.word, word.category, word.action, applies_to, enabled, word.note]


def _rows(file: IO[bytes] | None) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line's number and its cells by column."""
    text = file.read().decode("utf-8-sig") if file else ""
    found = csv.DictReader(StringIO(text), restkey="", restval="")
    columns = [(name or "").strip().lower() for name in found.fieldnames or ()]
    if "word" not in columns:
        raise InvalidInput(_("The first line must name the columns, one of them “word”."))
    found.fieldnames = columns
    if text.count("\n") > MOST_ROWS + 1:
        told = _("At most %(most)s words at once: divide the file.") % {"most": MOST_ROWS}
        raise InvalidInput(told)
    for cells in found:
        yield found.line_num, {name: str(cells.get(name, "")) for name in COLUMNS}


def _word(tenant: Tenant, cells: dict[str, str], known: set[str]) -> SensitiveWord:
    word = SensitiveWord(tenant_id=tenant.pk)  # twice as fast as the tenant itself
    fill(word, _draft({name: _plain(cell) for name, cell in cells.items()}))
    if faults := faults_of(word):
        raise BadLine(" ".join(fault["message"] for fault in faults))
    if word.normal in known:
        raise BadLine(_("It is on the list already, or stands above in this file."))
    return word


def _draft(cells: dict[str, str]) -> Draft:
    return Draft(
        word=cells["word"],
        category=cells["category"] or "other",
        action=_action(cells["action"]),
        speakers=_speakers(cells["applies_to"]),
        enabled=_enabled(cells["enabled"]),
        note=cells["note"],
    )


def _plain(cell: str) -> str:
    """A cell as it was before an export made it harmless."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


@lru_cache(maxsize=64)  # of thousands of lines most say the same, here and below
def _action(cell: str) -> Action:
    return _one_of({each.value: each for each in Action}, cell, "action") if cell else Action.MASK


@lru_cache(maxsize=64)
def _speakers(cell: str) -> frozenset[Speaker]:
    names = cell.replace(",", " ").replace(";", " ").split()
    by_name = {each.value: each for each in Speaker}
    found = (_one_of(by_name, name, "applies_to") for name in names)
    return frozenset(found) or frozenset(Speaker)


@lru_cache(maxsize=64)
def _enabled(cell: str) -> bool:
    return _one_of({**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}, cell, "enabled")


def _one_of(choices: Mapping[str, Chosen], cell: str, column: str) -> Chosen:
    if cell.lower() not in choices:
        places = {"column": column, "choices": ", ".join(filter(None, sorted(choices)))}
        raise BadLine(_("“%(column)s” must be one of: %(choices)s.") % places)
    return choices[cell.lower()]
