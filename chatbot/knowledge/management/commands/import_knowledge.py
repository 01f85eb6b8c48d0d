"""`manage.py import_knowledge`: files into the knowledge base, here and now."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import BaseCommand, CommandError, CommandParser

from chatbot.knowledge.importer import import_pending
from chatbot.knowledge.imports.kinds import kind_of
from chatbot.knowledge.imports.uploads import Upload, checked
from chatbot.knowledge.models import ImportJob
from chatbot.knowledge.reports import report_of
from chatbot.knowledge.services import Options, start_import
from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

LOOK_AGAIN = 0.5  # seconds, while another process works on it


class Command(BaseCommand):
    help = """
    Import Markdown, HTML, PDF, Word (DOCX), CSV and ZIP files, or folders of them, as articles.
    Running it again with the same files changes what changed in them and nothing else.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
        parser.add_argument("--tenant", required=True, help="whose articles (its slug)")
        parser.add_argument(
            "--language",
            default="",
            choices=["", *dict(settings.LANGUAGES)],
            help="the language of texts that name none (default: as each is written)",
        )
        parser.add_argument("--category", default="", help="for new articles that name none")
        parser.add_argument("--publish", action="store_true", help="publish new articles at once")

    def handle(self, *, paths: list[Path], tenant: str, **options: Any) -> None:
        company = Tenant.objects.filter(slug=tenant).first()
        if company is None:
            raise CommandError(f"there is no tenant {tenant!r}")
        uploads = [self._read(path) for path in _files(paths)]
        chosen = Options(options["language"], options["category"], options["publish"])
        with tenant_scope(company):
            try:
                job = start_import(tenant=company, files=uploads, options=chosen)
            except ApplicationError as refusal:
                raise CommandError(str(refusal.detail)) from None
            self._tell(_finished(job))

    def _read(self, path: Path) -> Upload:
        try:
            return checked(SimpleUploadedFile(path.name, path.read_bytes()))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except ApplicationError as refusal:
            raise CommandError(f"{path}: {refusal.detail}") from None

    def _tell(self, job: ImportJob) -> None:
        for each in report_of(job).refused:
            self.stderr.write(f"{each.source} {each.place}: {each.reason}")
        self.stdout.write(
            f"{job.created} new, {job.updated} changed, {job.skipped} unchanged, "
            f"{job.failed} not taken"
        )
        if job.state == ImportJob.State.FAILED:
            raise CommandError("the import was given up")


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if kind_of(each.name))
        else:
            yield path


def _finished(job: ImportJob) -> ImportJob:
    """Worked on here, unless a serving process was faster."""
    while True:
        import_pending()
        job.refresh_from_db()
        if job.state not in ImportJob.UNFINISHED:
            return job
        time.sleep(LOOK_AGAIN)
