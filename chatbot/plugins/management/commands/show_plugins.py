"""`manage.py show_plugins`: what is installed, and how it fares."""

from typing import Any

from django.core.management import BaseCommand

from chatbot.plugins.registry import GROUP
from chatbot.plugins.reports import Shown, shown


class Command(BaseCommand):
    help = f"""
    List the installed plugins (packages with an entry point in the group {GROUP}, and apps that
    register themselves): their hooks, how often they were called and failed, and the last error.
    Counts are of all processes, a few seconds old.
    """

    def handle(self, **_: Any) -> None:
        plugins = shown()
        for each in plugins:
            self.stdout.write(_line(each))
            if error := each.plugin.error or each.report.last_error:
                self.stdout.write(f"    {error}")
        if not plugins:
            self.stdout.write("No plugins are installed.")


def _line(each: Shown) -> str:
    row = each.report
    counts = (
        f"{row.calls} calls, {row.failed} failed, {row.abandoned} too slow, {row.missed} missed"
    )
    state = "not loaded" if each.plugin.error else "switched off" if row.is_off else each.hooks
    return f"{each.plugin.name:<24} {each.plugin.origin:<28} {state:<40} {counts}"
