from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, run_checks
from pytest_django import Settings

from chatplatform.kernel import checks

Database = Callable[[dict[str, Any]], None]

SQLITE = "django.db.backends.sqlite3"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    """Sets the database's configuration, without connecting to it."""
    return partial(monkeypatch.setitem, django_settings.DATABASES, "default")


def ids(messages: list[CheckMessage]) -> list[str | None]:
    assert all(message.hint for message in messages), "every finding says how to mend it"
    return [message.id for message in messages]


def layers(backend: str) -> dict[str, Any]:
    return {"default": {"BACKEND": backend}}


def test_the_house_as_it_is_has_nothing_to_say() -> None:
    ours = [found for found in run_checks() if str(found.id).startswith("chatplatform.")]
    assert ours == []


def test_an_in_memory_layer_over_a_shared_database_is_w001(
    settings: Settings, database: Database
) -> None:
    settings.CHANNEL_LAYERS = layers("channels.layers.InMemoryChannelLayer")
    database({"ENGINE": SQLITE, "NAME": "shared.sqlite3"})
    assert ids(checks.channel_layer_reaches_both_processes()) == ["chatplatform.W001"]
    database({"ENGINE": SQLITE, "NAME": ":memory:"})
    assert ids(checks.channel_layer_reaches_both_processes()) == []
    database({"ENGINE": SQLITE, "NAME": "shared.sqlite3"})
    settings.CHANNEL_LAYERS = layers("realtime.layers.FallbackChannelLayer")
    assert ids(checks.channel_layer_reaches_both_processes()) == []


@pytest.mark.parametrize(
    ("debug", "hosts", "found"),
    [
        (True, ["localhost", "127.0.0.1"], []),
        (True, ["localhost", "desk.example"], ["chatplatform.W002"]),
        (True, ["*"], ["chatplatform.W002"]),
        (False, ["*"], []),
    ],
)
def test_debug_before_strangers_is_w002(
    settings: Settings, debug: bool, hosts: list[str], found: list[str]
) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = debug, hosts
    assert ids(checks.debug_stays_at_home()) == found


def test_uncompiled_translations_are_w003(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    (folder / "django.po").touch()
    messages = checks.translations_are_compiled()
    assert ids(messages) == ["chatplatform.W003"]
    assert "zh_Hans" in messages[0].msg
    (folder / "django.mo").touch()
    assert ids(checks.translations_are_compiled()) == []


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (
            {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA synchronous=FULL; PRAGMA journal_mode = wal;",
            },
            [],
        ),
        ({"transaction_mode": "IMMEDIATE"}, ["chatplatform.E001"]),
        ({"init_command": "PRAGMA journal_mode=WAL"}, ["chatplatform.E001"]),
        ({}, ["chatplatform.E001"]),
    ],
)
def test_sqlite_that_would_lock_itself_out_is_e001(
    database: Database, options: dict[str, str], found: list[str]
) -> None:
    database({"ENGINE": SQLITE, "NAME": "x.sqlite3", "OPTIONS": options})
    assert ids(checks.sqlite_serves_two_processes()) == found


def test_other_databases_need_no_sqlite_options(database: Database) -> None:
    database({"ENGINE": "django.db.backends.postgresql", "NAME": "x"})
    assert ids(checks.sqlite_serves_two_processes()) == []


def test_a_data_dir_that_cannot_be_made_is_e002(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "new" / "folder"
    assert ids(checks.data_dir_is_writable()) == []
    (tmp_path / "file").touch()
    settings.DATA_DIR = tmp_path / "file" / "folder"  # root may write anywhere, not below a file
    assert ids(checks.data_dir_is_writable()) == ["chatplatform.E002"]
