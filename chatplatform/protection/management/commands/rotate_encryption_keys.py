from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatplatform.protection.encryption import WrongEncryptionKey
from chatplatform.protection.rotation import encrypted_columns, rotate

STEP = 1000  # rows between two signs of life


class Command(BaseCommand):
    help = (
        "Encrypt every stored secret with the first of ENCRYPTION_KEYS. Safe to stop and to "
        "repeat; afterwards the other keys may go."
    )

    def handle(self, **_: Any) -> None:
        columns = encrypted_columns()
        for column in columns:
            try:
                for progress in rotate(column):
                    if progress.seen % STEP == 0:
                        self.stdout.write(f"{progress}: {progress.seen} seen")
            except WrongEncryptionKey as error:
                raise CommandError(str(error)) from None
            self.stdout.write(f"{column}: {column.changed} of {column.seen} encrypted anew")
        if not columns:
            self.stdout.write("No column is encrypted.")
