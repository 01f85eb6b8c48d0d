"""A thousand streams at once: those that are up to date, and those that were away."""

import time

import psycopg
import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.postgres import Postgres
from tests.faults.stage import Stage
from tests.processes import wait_until

HALF = 500
OPEN_WITHIN = 10.0  # s on two cores that clients and servers share
MISSED = 300
BEYOND_MEMORY = 1_200  # a process that has just begun remembers the last 1,000 events
QUERIES_AT_ONCE = 4
WAITING = """
    select count(*) from pg_locks join pg_class on pg_class.oid = relation
     where relname = 'realtime_event' and not granted
"""


@pytest.mark.faults
@pytest.mark.parametrize("missed", [0, MISSED], ids=["fresh", "stale"])
def test_a_thousand_streams_at_once_are_all_served(
    stage: Stage, put_on_trial: FaultOnTrial, missed: int
) -> None:
    name = f"1 000 connects at once, {f'{missed} events behind' if missed else 'up to date'}"
    with put_on_trial(stage, name) as it:
        it.cast(customers=10, streams=1, agents=2)
        epoch, offset, _ = stage.ledger.head()
        it.writes(rate=100)
        it.begin()
        while stage.ledger.head()[1] < offset + missed:
            it.goes_on(0.1)
        place = f"{epoch}-{offset}" if missed else "{}-{}".format(*stage.ledger.head())
        crowd = [it.agents_reader(last=place) for _ in range(HALF)]
        crowd += [
            it.customers_reader(it.customers[number % 10], last=place) for number in range(HALF)
        ]
        it.phase("storm", worst=OPEN_WITHIN, usual=OPEN_WITHIN)
        it.falls_silent()  # a thousand readers and a hundred events a second are a benchmark's job
        for reader in crowd:
            reader.timed = False
        started = time.monotonic()
        it.audience.admit(*crowd)
        it.audience.wait_until_live(*crowd, seconds=OPEN_WITHIN)
        took = time.monotonic() - started
        assert [reader.refusals for reader in crowd if reader.refusals] == []
        assert all(reader.opened == 1 for reader in crowd), "somebody had to come again"
        assert took < OPEN_WITHIN


@pytest.mark.faults
def test_of_a_crowd_that_must_be_told_from_the_log_four_ask_at_once(
    stage_on_postgres: Stage, put_on_trial: FaultOnTrial, database: Postgres
) -> None:
    """Nobody can be answered while the table is locked, so all who ask are seen waiting."""
    with put_on_trial(stage_on_postgres, "a crowd behind a new process, PostgreSQL") as it:
        it.cast(customers=10, streams=1, agents=2)
        epoch, offset, _ = stage_on_postgres.ledger.head()
        it.writes(rate=500)
        it.begin()
        it.phase("being away", worst=60, usual=60)
        while stage_on_postgres.ledger.head()[1] < offset + BEYOND_MEMORY:
            it.goes_on(0.1)
        it.falls_silent()
        stage_on_postgres.platform.restart("chatbot")
        it.audience.wait_until_live()
        crowd = [
            it.customers_reader(it.customers[number % 10], last=f"{epoch}-{offset}")
            for number in range(100)
        ]
        for reader in crowd:
            reader.timed = False
        with psycopg.connect(database.url) as locking:
            locking.execute("lock table realtime_event in access exclusive mode")
            it.audience.admit(*crowd)
            wait_until(lambda: waiting(locking) == QUERIES_AT_ONCE, what="four to ask")
            it.goes_on(1)
            assert waiting(locking) == QUERIES_AT_ONCE
        it.audience.wait_until_live(*crowd)


def waiting(connection: psycopg.Connection) -> int:
    """How many queries wait for the events' table."""
    row = connection.execute(WAITING).fetchone()
    assert row
    return int(row[0])
