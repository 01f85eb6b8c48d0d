"""`manage.py evaluate`: how well questions are found and answered, by every way there is."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management import BaseCommand, CommandError, CommandParser

from chatbot.evaluation import files, measures, subjects
from chatbot.evaluation.measures import Figures, Question
from chatbot.evaluation.models import QuestionSet
from chatbot.evaluation.ways import NAMES, Embed, ways
from chatbot.knowledge.embedders import offline
from chatbot.knowledge.embedders.embedding import Embedder, Kind, NotEmbedded, readable
from chatbot.knowledge.embedders.texts import Text
from chatbot.knowledge.meaning import Known
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

_COLUMNS = ("hit@1", "hit@3", "answered_share", "right_share", "refused_share")
_HEADINGS = ("hit@1", "hit@3", "answered", "right", "refused")
AT_ONCE = 32


class Command(BaseCommand):
    help = """
    Ask question sets and print, for each way to search: hit@1 and hit@3 (the right article is
    first, or among three), how many on-topic questions are answered, how many of those answers are
    right, and how many off-topic questions are refused. The ways are a plain BM25 as a baseline,
    keyword, and, with vectors, dense and hybrid.

    A tenant's own sets are asked of what it has published:
        manage.py evaluate --tenant demo [--set NAME]
    A file brings articles and questions of its own; no tenant is touched:
        manage.py evaluate --file chatbot/evaluation/sets/shop_faq.json --part held_out
    """

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--tenant", help="the slug of the tenant whose sets are asked")
        whose.add_argument("--file", type=Path, help="a JSON file with articles and questions")
        parser.add_argument("--set", help="only the tenant's set of that name")
        parser.add_argument("--part", default="", help="only the file's questions of that part")
        parser.add_argument(
            "--retriever", action="append", choices=NAMES, help="only this way; repeatable"
        )
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, **options: Any) -> None:
        by = tuple(options["retriever"] or NAMES)
        found = (
            _of_file(options["file"], options["part"], by)
            if options["file"]
            else _of_tenant(options["tenant"], options["set"], by)
        )
        self.stdout.write(_as_json(found) if options["json"] else _table(found))


Rows = list[tuple[str, str, str, Figures]]
"""Set, group of questions, way, figures."""


def _of_file(path: Path, part: str, by: Sequence[str]) -> Rows:
    try:
        found = files.read(path, part=part)
    except files.NotASet as error:
        raise CommandError(str(error)) from error
    embedder = _embedder() if {"dense", "hybrid"} & set(by) else None
    catalogue = files.catalogue_of(found, _all(embedder) if embedder else None)
    ask = ways(catalogue, found.documents, _one(embedder) if embedder else None)
    return _rows(path.stem, ask, found.questions, by)


def _of_tenant(slug: str, name: str | None, by: Sequence[str]) -> Rows:
    with all_tenants():
        tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise CommandError(f"There is no tenant {slug!r}.")
    with tenant_scope(tenant):
        sets = QuestionSet.objects.filter(**({"name": name} if name else {}))
        chosen = list(sets)
        if not chosen:
            raise CommandError("There is no such question set. Write one in admin, or use --file.")
        subject = subjects.knowledge_of(tenant)
        ask = ways(subject.catalogue, subject.documents, subject.embed)
        return [
            row for each in chosen for row in _rows(each.name, ask, subjects.questions_of(each), by)
        ]


def _rows(name: str, ask: Any, questions: Sequence[Question], by: Sequence[str]) -> Rows:
    return [
        (name, group, way, found)
        for way in by
        if way in ask
        for group, found in measures.by_group(measures.ask(ask[way], questions)).items()
    ]


def _embedder() -> Embedder | None:
    return offline.OfflineEmbedder() if offline.is_installed() else None


def _all(embedder: Embedder) -> files.EmbedAll:
    def embed(texts: list[Text]) -> Known:
        known: dict[str, Any] = {}
        for kind in Kind:
            alike = [text for text in texts if text.kind is kind]
            for start in range(0, len(alike), AT_ONCE):
                part = alike[start : start + AT_ONCE]
                rows = embedder.embed([text.text for text in part], kind, timeout=60)
                known |= {text.key: np.asarray(row) for text, row in zip(part, rows, strict=True)}
        return known

    return embed


def _one(embedder: Embedder) -> Embed:
    def embed(text: str) -> Any:
        if not (plain := readable(text, Kind.QUESTION)):
            return None
        try:
            return embedder.embed([plain], Kind.QUESTION, timeout=10)[0]
        except NotEmbedded as error:
            sys.stderr.write(f"{error}\n")
            return None

    return embed


def _table(rows: Rows) -> str:
    lines: list[tuple[str, ...]] = [("set", "questions", "", "way", *_HEADINGS)]
    for name, group, way, found in rows:
        shares = found.shares()
        counted = f"{found.on_topic}+{found.off_topic}"
        shown = ["-" if shares[c] is None else f"{shares[c]:.2f}" for c in _COLUMNS]
        lines.append((name, group, counted, way, *shown))
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _as_json(rows: Rows) -> str:
    told = [
        {"set": name, "group": group, "retriever": way, **found.as_json()}
        for name, group, way, found in rows
    ]
    return json.dumps(told, ensure_ascii=False, indent=1)
