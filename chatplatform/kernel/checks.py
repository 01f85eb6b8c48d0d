"""System checks: what starts fine and goes wrong later. `manage.py check` and `doctor` run them."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", ".localhost", "testserver"}


@register(Tags.compatibility)
def channel_layer_reaches_both_processes(**_: Any) -> list[CheckMessage]:
    backend = str(settings.CHANNEL_LAYERS.get("default", {}).get("BACKEND", ""))
    if not backend.endswith("InMemoryChannelLayer") or _is_private(settings.DATABASES["default"]):
        return []
    return [
        Warning(
            "The in-memory channel layer is configured, and more than one process shares the "
            "database: events reach the others only when they look into the log.",
            hint="Use realtime.layers.FallbackChannelLayer and set REDIS_URL.",
            id="chatplatform.W001",
        )
    ]


@register(Tags.security)
def debug_stays_at_home(**_: Any) -> list[CheckMessage]:
    strangers = sorted(set(settings.ALLOWED_HOSTS) - LOOPBACK)
    if not settings.DEBUG or not strangers:
        return []
    return [
        Warning(
            f"DEBUG is on, and we answer to {', '.join(strangers)}: error pages show settings and "
            "code to whoever asks.",
            hint="Set DEBUG=0 and SECRET_KEY, or take these names out of ALLOWED_HOSTS.",
            id="chatplatform.W002",
        )
    ]


@register(Tags.translation)
def translations_are_compiled(**_: Any) -> list[CheckMessage]:
    sources = [po for folder in settings.LOCALE_PATHS for po in Path(folder).rglob("*.po")]
    stale = [po for po in sources if not po.with_suffix(".mo").exists()]
    if not stale:
        return []
    return [
        Warning(
            f"Translations are not compiled: {', '.join(po.parts[-3] for po in stale)}.",
            hint="Run `python manage.py compilemessages` (it needs msgfmt, of gettext).",
            id="chatplatform.W003",
        )
    ]


@register(Tags.database)
def sqlite_serves_two_processes(**_: Any) -> list[CheckMessage]:
    database = settings.DATABASES["default"]
    if "sqlite3" not in database["ENGINE"] or _is_private(database):
        return []
    options = database.get("OPTIONS", {})
    wal = "journal_mode=wal" in options.get("init_command", "").lower().replace(" ", "")
    if wal and options.get("transaction_mode") == "IMMEDIATE":
        return []
    return [
        Error(
            "SQLite needs the write-ahead log and immediate transactions here: without them a "
            "reader blocks a writer, and a transaction fails in the middle as locked.",
            hint='OPTIONS: "transaction_mode": "IMMEDIATE", '
            '"init_command": "PRAGMA journal_mode=WAL;"',
            id="chatplatform.E001",
        )
    ]


@register(Tags.files)
def data_dir_is_writable(**_: Any) -> list[CheckMessage]:
    folder = Path(settings.DATA_DIR)
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"DATA_DIR {folder} can't be written.",
            hint="Set DATA_DIR to a folder of the user we run as, or give her this one.",
            id="chatplatform.E002",
        )
    ]


def _is_private(database: dict[str, Any]) -> bool:
    """Whether the database lives in this process' memory, where nobody can share it."""
    name = str(database.get("NAME", ""))
    return "sqlite3" in database["ENGINE"] and (":memory:" in name or "mode=memory" in name)
