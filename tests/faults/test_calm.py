"""No fault at all: what the others are compared with."""

from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage


def test_rings_carry_events_from_process_to_process(
    stage: Stage, put_on_trial: FaultOnTrial
) -> None:
    """Nothing is published inside the sides: without rings half would take the tailer's 0.1 s."""
    with put_on_trial(stage, "none") as it:
        it.cast()
        it.writes(rate=30)
        it.begin()
        it.phase("calm", usual=0.06)
        it.goes_on(3)
