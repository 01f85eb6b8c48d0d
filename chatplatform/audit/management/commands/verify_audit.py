"""`manage.py verify_audit`: whether history is as it was written."""

import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from chatplatform.audit.retention import chains
from chatplatform.audit.verification import Verdict, verify, verify_archive

FAULTS = {
    "changed": "is not as it was sealed",
    "missing": "is missing",
    "cut off": "is missing, and all after it",
    "added": "was put in beside the chain",
}


class Command(BaseCommand):
    help = """
    Read every tenant's audit chain from its beginning to its head, and name the first line that was
    changed, taken out or put in. Ends with status 1 if there is one. Lines of the last seconds
    may not be sealed yet: it says how many.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="only this tenant (its slug)")
        parser.add_argument(
            "--archive", type=Path, metavar="FILE", help="a file that trim_audit_log wrote, instead"
        )

    def handle(self, *, tenant: str | None, archive: Path | None, **_: Any) -> None:
        if archive is not None:
            found = [self._say(archive.name, self._archived(archive))]
        else:
            if not (known := chains(tenant)):
                raise CommandError(f"there is no tenant {tenant}")
            found = [self._verified(pk, slug or "installation") for pk, slug in known]
        if not all(found):
            sys.exit(1)

    def _verified(self, pk: int | None, name: str) -> bool:
        def progress(lines: int) -> None:
            self.stderr.write(f"{name}: {lines} lines ...")

        return self._say(name, verify(pk, progress=progress))

    def _archived(self, file: Path) -> Verdict:
        try:
            return verify_archive(file)
        except (OSError, EOFError, ValueError, KeyError, StopIteration) as error:
            raise CommandError(f"{file.name} can't be read: {error!r}") from None

    def _say(self, name: str, verdict: Verdict) -> bool:
        waiting = f", {verdict.waiting} not sealed yet" if verdict.waiting else ""
        if verdict.ok:
            line = f"{name}: {verdict.right} lines are right{waiting}; head {verdict.head}"
            self.stdout.write(self.style.SUCCESS(line))
        else:
            fault = FAULTS[verdict.fault]
            line = f"{name}: line {verdict.broken_at} {fault}; {verdict.right} before it are right"
            self.stdout.write(self.style.ERROR(line + waiting))
        return verdict.ok
