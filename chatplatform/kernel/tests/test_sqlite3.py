"""Writers of one process queue. SQLite's own waiting is switched off, so that it shows."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction

from chatplatform.kernel.sqlite3.base import DatabaseWrapper, _turns

ALIAS = "queue"
Elsewhere = Callable[..., Future[Any]]


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[Path]:
    """A database of which SQLite refuses at once whoever finds it locked."""
    path = tmp_path / "queue.sqlite3"
    options = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=0;",
    }
    described = {**connections.databases["default"], "NAME": path, "OPTIONS": options}
    described["ENGINE"] = "chatplatform.kernel.sqlite3"
    monkeypatch.setitem(connections.databases, ALIAS, described)
    with django_db_blocker.unblock():
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("CREATE TABLE said (word text)")
        yield path
        connections[ALIAS].close()
        del connections[ALIAS]


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Runs something on another thread, with a connection of its own."""
    with ThreadPoolExecutor(4) as pool:
        yield lambda do, *about: pool.submit(_with_own_connection, do, *about)


def _with_own_connection(do: Callable[..., Any], *about: Any) -> Any:
    try:
        return do(*about)
    finally:
        connections[ALIAS].close()


def say(word: str) -> None:
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("INSERT INTO said VALUES (%s)", [word])


def say_and_fail(word: str) -> None:
    with transaction.atomic(using=ALIAS):
        say(word)
        raise LookupError


def said() -> list[str]:
    with connections[ALIAS].cursor() as cursor:
        return [word for (word,) in cursor.execute("SELECT word FROM said")]


def queue() -> Any:
    return _turns[str(connections.databases[ALIAS]["NAME"])]


def test_a_writer_waits_for_another_one_s_commit(elsewhere: Elsewhere) -> None:
    with transaction.atomic(using=ALIAS):
        others = [elsewhere(say, "later") for _ in range(4)]
        say("first")
    for other in others:
        other.result(5)
    assert said() == ["first", *4 * ["later"]]


def test_what_several_threads_write_is_all_there(elsewhere: Elsewhere) -> None:
    for each in [elsewhere(say, str(number)) for number in range(100)]:
        each.result(20)
    assert sorted(map(int, said())) == list(range(100))


def test_readers_wait_for_nobody(elsewhere: Elsewhere) -> None:
    with transaction.atomic(using=ALIAS):
        say("not yet")
        assert elsewhere(said).result(5) == []


def test_after_a_failure_it_is_the_next_one_s_turn(elsewhere: Elsewhere) -> None:
    with pytest.raises(LookupError):
        say_and_fail("never")
    elsewhere(say, "next").result(5)
    assert said() == ["next"]


def test_a_connection_closed_in_mid_transaction_keeps_nobody_waiting(elsewhere: Elsewhere) -> None:
    with transaction.atomic(using=ALIAS):
        say("never")
        connections[ALIAS].close()
    elsewhere(say, "next").result(5)
    assert said() == ["next"]


def test_a_savepoint_is_part_of_the_turn(elsewhere: Elsewhere) -> None:
    with transaction.atomic(using=ALIAS):
        with pytest.raises(LookupError):
            say_and_fail("never")
        assert queue().locked()
    assert not queue().locked()


def test_who_waits_too_long_is_told(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.databases[ALIAS]["OPTIONS"], "timeout", 0.01)
    with transaction.atomic(using=ALIAS):
        late = elsewhere(say, "too late")
        with pytest.raises(OperationalError, match="database is locked"):
            late.result(5)
    elsewhere(say, "next").result(5)
    assert said() == ["next"]


def test_another_process_is_waited_for(file: Path, elsewhere: Elsewhere) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO said VALUES ('first')")
    ours = elsewhere(say, "second")
    other.execute("COMMIT")
    other.close()
    ours.result(5)
    assert said() == ["first", "second"]


def test_who_waits_too_long_for_another_process_is_told(
    file: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connections.databases[ALIAS]["OPTIONS"], "timeout", 0.01)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="database is locked"):
        say("never")
    other.execute("COMMIT")
    other.close()
    elsewhere(say, "next").result(5)
    assert said() == ["next"]


def test_a_database_in_memory_has_no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    described = {**connections.databases[ALIAS], "NAME": ":memory:"}
    wrapper = DatabaseWrapper(described, alias="memory")
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    wrapper.rollback()
    assert ":memory:" not in _turns
