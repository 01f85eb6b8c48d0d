from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from realtime import retention


class Command(BaseCommand):
    help = "Forget events older than the retention time; readers that far back get a reset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=float, default=None, help="keep so many days (default: the setting)"
        )
        parser.add_argument("--log", default=None, help="only this log (a tenant's slug)")

    def handle(self, *args: Any, **options: Any) -> None:
        keep = None if options["days"] is None else timedelta(days=options["days"])
        trimmed = retention.trim_logs(keep=keep, only=options["log"])
        for log, count in trimmed.items():
            self.stdout.write(f"{log}: {count} events trimmed")
