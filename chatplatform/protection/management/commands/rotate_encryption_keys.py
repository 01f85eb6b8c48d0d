from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatplatform.protection.encryption import WrongEncryptionKey
from chatplatform.protection.rotation import places, rotate

STEP = 1000  # rows between two signs of life


class Command(BaseCommand):
    help = (
        "Encrypt every stored secret with the first of ENCRYPTION_KEYS. Safe to stop and to "
        "repeat; afterwards the other keys may go."
    )

    def handle(self, **_: Any) -> None:
        for place in places():
            try:
                for progress in rotate(place):
                    if progress.seen % STEP == 0:
                        self.stdout.write(f"{progress}: {progress.seen} seen")
            except WrongEncryptionKey as error:
                raise CommandError(str(error)) from None
            self.stdout.write(f"{place}: {place.changed} of {place.seen} encrypted anew")
