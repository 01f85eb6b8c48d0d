"""`manage.py evaluate`: how well questions are found and answered, by every way there is."""

import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management import BaseCommand, CommandError, CommandParser
from django.core.management.base import OutputWrapper

from chatbot.evaluation import figures, files, measures, subjects
from chatbot.evaluation.figures import Rows
from chatbot.evaluation.measures import Question, Way
from chatbot.evaluation.models import QuestionSet
from chatbot.evaluation.ways import NAMES, Embed, ways
from chatbot.knowledge.embedders import offline
from chatbot.knowledge.embedders.embedding import Embedder, Kind, NotEmbedded, readable
from chatbot.knowledge.embedders.texts import Text
from chatbot.knowledge.meaning import Known
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

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
    To notice what drops, keep the figures and compare:
        manage.py evaluate --tenant demo --json > before.json
        manage.py evaluate --tenant demo --against before.json

    Exit status: 0; 1 if something dropped; 2 if it could not be asked.
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
        parser.add_argument(
            "--against", type=Path, help="an earlier --json output that nothing may drop below"
        )

    def handle(self, **options: Any) -> None:
        by, before = options["retriever"] or (), _before(options["against"])
        told = Counter(self.stderr)
        rows = (
            _of_file(options["file"], options["part"], by, told)
            if options["file"]
            else _of_tenant(options["tenant"], options["set"], by, told)
        )
        told.end()
        self.stdout.write(figures.as_json(rows) if options["json"] else figures.as_table(rows))
        if drops := figures.drops(before, rows):
            raise CommandError("Dropped:\n" + "\n".join(drops), returncode=1)


class Counter:
    """How far it is, on one line of a terminal; silent where nobody looks."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out, self._done = out, 0

    def __call__(self, what: str, step: int = 1) -> None:
        self._done += step
        if self._out.isatty():
            self._out.write(f"\r\033[K{what}: {self._done}", str, ending="")
            self._out.flush()

    def end(self) -> None:
        self._done = 0
        if self._out.isatty():
            self._out.write("\r\033[K", str, ending="")


def _of_file(path: Path, part: str, by: Sequence[str], told: Counter) -> Rows:
    try:
        found = files.read(path, part=part)
    except files.NotASet as error:
        raise _impossible(str(error)) from error
    embedder = _embedder() if not by or {"dense", "hybrid"} & set(by) else None
    catalogue = files.catalogue_of(found, _all(embedder, told) if embedder else None)
    ask = ways(catalogue, found.documents, _one(embedder) if embedder else None)
    return _rows(path.stem, ask, found.questions, by, told)


def _of_tenant(slug: str, name: str | None, by: Sequence[str], told: Counter) -> Rows:
    with all_tenants():
        tenant = Tenant.objects.filter(slug=slug).first()
        known = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True)[:20])
    if tenant is None:
        raise _impossible(f"There is no tenant {slug!r}. There are: {known or 'none'}.")
    with tenant_scope(tenant):
        chosen = list(QuestionSet.objects.filter(**({"name": name} if name else {})))
        if not chosen:
            names = ", ".join(map(str, QuestionSet.objects.all())) or "none"
            what = f"no question set {name!r}" if name else "no question set"
            raise _impossible(f"There is {what}. There are: {names}. Write one in admin.")
        subject = subjects.knowledge_of(tenant)
        ask = ways(subject.catalogue, subject.documents, subject.embed)
        asked = [(each.name, subjects.questions_of(each)) for each in chosen]
        return [row for each, some in asked for row in _rows(each, ask, some, by, told)]


def _rows(
    name: str,
    ask: Mapping[str, Way],
    questions: Sequence[Question],
    by: Sequence[str],
    told: Counter,
) -> Rows:
    if lacking := [way for way in by if way not in ask]:
        raise _impossible(f"There are no vectors, so not by {', '.join(lacking)}.")
    rows: Rows = []
    for way in by or [each for each in NAMES if each in ask]:
        results = []
        for question in questions:
            results += measures.ask(ask[way], [question])
            told(f"{name}, {way}")
        told.end()
        rows += [(name, group, way, found) for group, found in measures.by_group(results).items()]
    return rows


def _before(path: Path | None) -> list[dict[str, Any]]:
    try:
        return figures.read(path) if path else []
    except ValueError as error:
        raise _impossible(f"{path}: {error}") from error


def _impossible(why: str) -> CommandError:
    return CommandError(why, returncode=2)


def _embedder() -> Embedder | None:
    return offline.OfflineEmbedder() if offline.is_installed() else None


def _all(embedder: Embedder, told: Counter) -> files.EmbedAll:
    def embed(texts: list[Text]) -> Known:
        known: dict[str, Any] = {}
        for kind in Kind:
            alike = [text for text in texts if text.kind is kind]
            for start in range(0, len(alike), AT_ONCE):
                part = alike[start : start + AT_ONCE]
                rows = embedder.embed([text.text for text in part], kind, timeout=60)
                told("texts embedded", len(part))
                known |= {text.key: np.asarray(row) for text, row in zip(part, rows, strict=True)}
        told.end()
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
