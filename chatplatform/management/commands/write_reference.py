"""`manage.py write_reference`: documentation that the code tells about itself."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from chatplatform.management.reference import PAGES


class Command(BaseCommand):
    help = "Write `.env.example` and the pages of docs/reference that are made from the code."

    def handle(self, **_: Any) -> None:
        for path, page in PAGES.items():
            file = settings.BASE_DIR / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page(), encoding="utf-8")
            self.stdout.write(f"wrote {path}")
