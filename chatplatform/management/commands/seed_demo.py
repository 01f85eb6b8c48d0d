"""`manage.py seed_demo`: the demo tenant, its people and its knowledge."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from chatplatform.management import demo


class Command(BaseCommand):
    help = """
    Make the demo data: tenant `demo` with agent1, agent2, supervisor and admin, and with
    departments whose people have roles of every reach; tenant `other` with outsider and a
    department of its own; a small shop's knowledge base and
    sensitive words. Runs again without harm; refuses when
    DEBUG is off, because everyone knows the password.
    """

    def handle(self, *, verbosity: int, **_: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("refused: DEBUG is off, and the demo password is public")
        demo.seed()
        if verbosity:
            self.stdout.write("\n".join(["Demo data is there.", *demo.logins()]))
