"""A thousand streams at once: those that are up to date, and those that were away."""

import time

import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage

HALF = 500
OPEN_WITHIN = 20.0  # s on two cores that clients, servers and writers share
MISSED = 300


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
        assert [reader.refusals for reader in crowd if reader.refusals] == []
        assert all(reader.opened == 1 for reader in crowd), "somebody had to come again"
        assert time.monotonic() - started < OPEN_WITHIN
