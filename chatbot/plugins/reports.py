"""The plugins' counts, added up over processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from chatbot.plugins.lanes import Counts
from chatbot.plugins.models import PluginReport
from chatbot.plugins.registry import Plugin, installed


@dataclass(frozen=True)
class Shown:
    """A plugin as people see it."""

    plugin: Plugin
    report: PluginReport

    @property
    def hooks(self) -> str:
        return ", ".join(sorted(self.plugin.hooks))


def keep_counts(counted: Mapping[str, tuple[Counts, bool]]) -> None:
    """Add them to the rows; one UPDATE for each plugin that was called, none for the others."""
    for name, (counts, is_off) in counted.items():
        if counts == Counts():
            continue
        rows = PluginReport.objects.filter(name=name)
        if not rows.exists():
            PluginReport.objects.get_or_create(name=name)
        rows.update(
            calls=F("calls") + counts.calls,
            failed=F("failed") + counts.failed,
            abandoned=F("abandoned") + counts.abandoned,
            missed=F("missed") + counts.missed,
            is_off=is_off,
            seen_at=timezone.now(),
            **_error(counts),
        )


def shown() -> list[Shown]:
    """Everything installed with its counts; one query."""
    rows = {row.name: row for row in PluginReport.objects.all()}
    return [
        Shown(plugin, rows.get(plugin.name) or PluginReport(name=plugin.name))
        for plugin in installed()
    ]


def note_installed() -> None:
    """A row for each plugin, that the administration lists it before its first call."""
    for plugin in installed():
        PluginReport.objects.update_or_create(
            name=plugin.name, defaults={"origin": plugin.origin, **_fault(plugin)}
        )
    PluginReport.objects.exclude(name__in=[each.name for each in installed()]).delete()


def _error(counts: Counts) -> dict[str, str | datetime]:
    if not counts.last_error:
        return {}
    return {"last_error": counts.last_error, "last_error_at": timezone.now()}


def _fault(plugin: Plugin) -> dict[str, str | datetime]:
    return {"last_error": plugin.error, "last_error_at": timezone.now()} if plugin.error else {}
