"""`manage.py trim_audit_log`: let old history go, to an archive if one is named."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from chatplatform.audit.retention import trim


class Command(BaseCommand):
    help = """
    Remove audit lines older than the retention time. The rest stays verifiable. With --archive they
    are first written to a folder: one file a tenant, gzipped JSON lines, which verify_audit reads.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--archive", type=Path, metavar="FOLDER", help="write them there first")
        parser.add_argument(
            "--days", type=float, help="keep so many days (default: AUDIT_RETENTION_DAYS)"
        )
        parser.add_argument("--tenant", help="only this tenant (its slug)")

    def handle(
        self, *, archive: Path | None, days: float | None, tenant: str | None, **_: Any
    ) -> None:
        keep = settings.AUDIT_RETENTION if days is None else timedelta(days=days)
        if days is None and not keep:
            raise CommandError("AUDIT_RETENTION_DAYS is 0, history is kept for ever: name --days")
        if keep < timedelta(0):
            raise CommandError("--days can't be negative")
        for trimmed in trim(keep=keep, only=tenant, archive=archive):
            where = f", archived to {trimmed.archive}" if trimmed.archive else ""
            name = trimmed.tenant or "installation"
            self.stdout.write(f"{name}: lines {trimmed.first} to {trimmed.last}{where}")
