"""The wall clock jumps under the servers; nothing may expire or change its order by it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage, stage
from tests.people import Customer
from tests.processes import ROOT

CLOCKS = Path(__file__).parent / "clocks"
JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=2)]
SetClocks = Callable[[timedelta], None]


@pytest.fixture
def set_clocks(tmp_path: Path) -> SetClocks:
    """Put the servers' wall clocks ahead or back, from one moment to the next."""
    return lambda jump: write_at_once(tmp_path / "clock", f"{jump.total_seconds()}\n")


@pytest.fixture
def stage_with_clocks(seeded: Path, tmp_path: Path, set_clocks: SetClocks) -> Iterator[Stage]:
    set_clocks(timedelta())
    variables = {"PYTHONPATH": f"{CLOCKS}:{ROOT}", "WALL_CLOCK": str(tmp_path / "clock")}
    with stage(seeded, **variables) as it:
        yield it


@pytest.mark.faults
def test_a_jumping_wall_clock_changes_nothing(
    stage_with_clocks: Stage, put_on_trial: FaultOnTrial, set_clocks: SetClocks
) -> None:
    with put_on_trial(stage_with_clocks, "wall clocks jump: 1 h on, 1 h back, 2 days on") as it:
        it.cast()
        it.writes()
        it.begin()
        for jump in JUMPS:
            it.phase(f"clocks {jump.total_seconds():+g} s off")
            set_clocks(jump)
            it.goes_on(3)
            assert abs(off(it.customers[0]) - jump) < timedelta(minutes=1), "no clock jumped"
        set_clocks(timedelta())
        assert all(reader.opened == 1 for reader in it.audience.readers), "a stream was cut"


def off(customer: Customer) -> timedelta:
    """How far the chatbot's clock is ahead of ours."""
    said: str = customer.says("What time is it?")["created_at"]
    return datetime.fromisoformat(said) - datetime.now(UTC)


def write_at_once(path: Path, text: str) -> None:
    """Never seen half-written by those who read it all the time."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)
