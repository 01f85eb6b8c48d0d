"""`manage.py doctor`: which hop is broken, and how to mend it."""

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser

from chatplatform.management.hops import Finding, findings


class Command(BaseCommand):
    help = """
    Try every hop: settings, database, Redis, both services, and the live path from a publisher to
    an agent's stream. One line each with how long it took; how to mend what is broken. Ends with
    status 1 if anything is.
    """
    requires_system_checks = []  # they are the first hop; a failed one must not end the visit

    def add_arguments(self, parser: CommandParser) -> None:
        host = "127.0.0.1" if settings.HOST == "0.0.0.0" else settings.HOST  # noqa: S104 - compared
        parser.add_argument("--host", default=host, help="where the services listen [HOST]")
        parser.add_argument("--tenant", help="whose log the probe goes through (default: any)")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, host: str, tenant: str | None, json: bool, **_: Any) -> None:
        found = []
        for finding in findings(host, tenant=tenant):
            found.append(finding)
            if not json:
                self._show(finding)
        if json:
            self.stdout.write(_as_json(found))
        if not all(finding.ok for finding in found):
            sys.exit(1)

    def _show(self, finding: Finding) -> None:
        mark = self.style.SUCCESS("✓") if finding.ok else self.style.ERROR("✗")
        self.stdout.write(
            f"{mark} {finding.hop:<10} {finding.milliseconds:>7.1f} ms  {finding.seen}"
        )
        if not finding.ok:
            self.stdout.write(f"  → {finding.mend}")
        self.stdout.flush()


def _as_json(found: list[Finding]) -> str:
    body = {"ok": all(each.ok for each in found), "hops": [each.as_json() for each in found]}
    return json.dumps(body, ensure_ascii=False, indent=1)
