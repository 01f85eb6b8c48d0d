from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from realtime.log import renew_epoch
from realtime.models import Log


class Command(BaseCommand):
    help = (
        "Begin a new life of the event logs, so that every client fetches its state again. To be "
        "run after a restore: positions from before it mean other events now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--log", default=None, help="only this log (a tenant's slug)")

    def handle(self, *args: Any, **options: Any) -> None:
        logs = Log.objects.order_by("name")
        if options["log"]:
            logs = logs.filter(name=options["log"])
        for name, epoch in logs.values_list("name", "epoch"):
            renew_epoch(name, epoch=epoch)
            self.stdout.write(f"{name}: begun anew")
