"""The database stands still, is gone, or is locked: nothing new can happen, nothing is lost."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.postgres import Postgres
from tests.faults.stage import Stage
from tests.faults.trial import Trial

OUTAGE = 10.0
RETURN = 20.0  # s until everyone has found the way back to a database that was away
LOCKED = 5.0


@contextmanager
def frozen(database: Postgres) -> Iterator[None]:
    database.freeze()
    try:
        yield
    finally:
        database.thaw()


@contextmanager
def crashed(database: Postgres) -> Iterator[None]:
    database.crash()
    try:
        yield
    finally:
        database.start()


@pytest.mark.faults
@pytest.mark.parametrize("outage", [frozen, crashed])
def test_a_database_that_is_away_for_a_while_costs_nothing_but_the_while(
    stage_on_postgres: Stage,
    put_on_trial: FaultOnTrial,
    database: Postgres,
    outage: Callable[[Postgres], object],
) -> None:
    with put_on_trial(stage_on_postgres, f"PostgreSQL {outage.__name__} for {OUTAGE:g} s") as it:
        it.usual_traffic()
        it.phase("away", worst=OUTAGE + RETURN, usual=OUTAGE + RETURN)
        with outage(database):  # type: ignore[attr-defined]
            it.goes_on(OUTAGE)
        said = stage_on_postgres.ledger.head()[1]
        while stage_on_postgres.ledger.head()[1] < said + 100:
            it.goes_on(0.1)
        it.phase("back", worst=RETURN)
        it.goes_on(2)
        assert all(reader.opened == 1 for reader in it.audience.readers), "a stream was cut"


@pytest.mark.faults
def test_a_locked_log_holds_up_its_own_tenant_only(
    stage_on_postgres: Stage, put_on_trial: FaultOnTrial, database: Postgres
) -> None:
    with put_on_trial(stage_on_postgres, f"log's row locked for {LOCKED:g} s, PostgreSQL") as it:
        neighbour = it.writes(rate=40, log="neighbour")
        it.usual_traffic()
        locked = it.phase("locked", worst=LOCKED + 5, usual=LOCKED + 5)
        with psycopg.connect(database.url) as connection:
            connection.execute("select * from realtime_log where name = 'demo' for update")
            it.goes_on(LOCKED)
        free = it.phase("free")
        it.goes_on(1)
        others = neighbour.took(locked.since, free.since)
        assert len(others) > LOCKED * 20
        assert max(others) < 2, "another tenant waited for the lock"
        forget(it, "neighbour")


@pytest.mark.faults
def test_a_locked_file_holds_up_and_loses_nothing(stage: Stage, put_on_trial: FaultOnTrial) -> None:
    with put_on_trial(stage, f"database locked for {LOCKED:g} s, SQLite") as it:
        it.usual_traffic()
        it.phase("locked", worst=LOCKED + 10, usual=LOCKED + 10)
        path = stage.platform.folder / "chatplatform.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as connection:
            connection.execute("begin immediate")
            it.goes_on(LOCKED)
            connection.execute("rollback")
        it.goes_on(2)


@pytest.mark.faults
def test_of_two_that_deadlock_one_is_taken_back_without_a_trace(
    stage_on_postgres: Stage, put_on_trial: FaultOnTrial, database: Postgres
) -> None:
    """Both lock the log of another tenant and then ours, in opposite order, between the others."""
    with put_on_trial(stage_on_postgres, "deadlocks between two logs, PostgreSQL") as it:
        it.writes(rate=20, log="neighbour")
        it.usual_traffic()
        it.phase("deadlocks", worst=5, usual=2)
        ends = [deadlock(database) for _ in range(3)]
        it.phase("over")
        it.goes_on(1)
        assert ends == [1, 1, 1]
        forget(it, "neighbour")


def deadlock(database: Postgres) -> int:
    """How many of two transactions that lock two logs crosswise were taken back."""
    both_have_one = threading.Barrier(2)
    victims: list[str] = []

    def lock(*names: str) -> None:
        query = """update realtime_log set "offset" = "offset" where name = %s"""
        with psycopg.connect(database.url) as connection:
            try:
                connection.execute(query, [names[0]])
                both_have_one.wait(10)
                connection.execute(query, [names[1]])
            except psycopg.errors.DeadlockDetected:
                victims.append(names[0])
                connection.rollback()

    threads = [
        threading.Thread(target=lock, args=names)
        for names in (("demo", "neighbour"), ("neighbour", "demo"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return len(victims)


def forget(it: Trial, log: str) -> None:
    """Positions in another tenant's log tell nothing about when ours were committed."""
    it.falls_silent()
    it.publishers = [publisher for publisher in it.publishers if publisher.log != log]
