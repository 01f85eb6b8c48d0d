"""`manage.py show_settings`: what holds, and who decided it."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from chatplatform.configuration.registry import RuntimeSettings, groups
from chatplatform.configuration.selectors import Entry, entries
from chatplatform.tenants.models import Tenant


class Command(BaseCommand):
    help = "Show the runtime settings that hold for the installation, or for one tenant."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", default="", help="The tenant's slug.")

    def handle(self, *, tenant: str, **_: Any) -> None:
        chosen = Tenant.objects.filter(slug=tenant).first()
        if tenant and chosen is None:
            raise CommandError(f"There is no tenant {tenant!r}.")
        for group in groups():
            for line in _lines(group, chosen):
                self.stdout.write(line)


def _lines(group: type[RuntimeSettings], tenant: Tenant | None) -> list[str]:
    return [
        f"{f'{group.name}.{entry.key}':<34} {entry.value!r:<20} {_source(entry)}"
        for entry in entries(group, tenant)
        if tenant is None or entry.shown.by_tenant or entry.installation
    ]


def _source(entry: Entry) -> str:
    if entry.changed is None:
        return "default"
    whose = "tenant" if entry.own else "installation"
    who, at = entry.changed
    return f"{whose}, by {who} on {at:%Y-%m-%d %H:%M} UTC"
