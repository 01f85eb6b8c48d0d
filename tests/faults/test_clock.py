"""The wall clock jumps under the servers; nothing may expire or change its order by it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage, stage
from tests.people import Customer

LIBRARIES = (Path("/usr/lib"), Path("/usr/lib64"))
FAKETIME = next(
    (found for folder in LIBRARIES for found in folder.glob("*/faketime/libfaketime.so.1")), None
)
JUMPS = ["+1h", "-1h", "+2d"]


@pytest.fixture
def set_clocks(tmp_path: Path) -> Callable[[str], None]:
    """Put the servers' wall clocks ahead (`+1h`) or back (`-1h`), from one moment to the next."""
    return lambda jump: write_at_once(tmp_path / "clock", f"{jump}\n")


@pytest.fixture
def stage_with_clocks(
    seeded: Path, tmp_path: Path, set_clocks: Callable[[str], None]
) -> Iterator[Stage]:
    if FAKETIME is None:
        pytest.skip("no libfaketime on this machine (apt install faketime)")
    set_clocks("+0")
    variables = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(tmp_path / "clock"),
        "FAKETIME_CACHE_DURATION": "1",  # s; looking at every call costs more than the servers
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    with stage(seeded, **variables) as it:
        yield it


@pytest.mark.faults
def test_a_jumping_wall_clock_changes_nothing(
    stage_with_clocks: Stage, put_on_trial: FaultOnTrial, set_clocks: Callable[[str], None]
) -> None:
    with put_on_trial(stage_with_clocks, "wall clocks jump: 1 h on, 1 h back, 2 days on") as it:
        it.cast()
        it.writes()
        it.begin()
        for jump in JUMPS:
            it.phase(f"clocks at {jump}", worst=4, usual=0.5)  # this is about what expires
            set_clocks(jump)
            it.goes_on(3)
            assert hours_off(it.customers[0]) > 0.9, "the servers' clocks did not jump"
        set_clocks("+0")
        assert all(reader.opened == 1 for reader in it.audience.readers), "a stream was cut"


def hours_off(customer: Customer) -> float:
    """How far the servers' clock is from ours, either way."""
    said = customer.says("What time is it?")["created_at"]
    return abs((datetime.fromisoformat(said) - datetime.now(UTC)).total_seconds()) / 3600


def write_at_once(path: Path, text: str) -> None:
    """Never seen half-written by those who read it all the time."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)
