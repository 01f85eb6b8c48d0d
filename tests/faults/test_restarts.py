"""Either side dies or is told to stop; those on the other side notice nothing."""

import signal

import psutil
import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage
from tests.processes import wait_until

OTHER = {"chatbot": "workbench", "workbench": "chatbot"}
RESTART = 20.0  # s that a process may take to serve again on two busy cores
ENDS = {signal.SIGTERM: "stopped", signal.SIGKILL: "killed"}


@pytest.mark.parametrize(
    "order",
    [
        [("chatbot", signal.SIGKILL), ("workbench", signal.SIGTERM)],
        pytest.param(
            [("workbench", signal.SIGKILL), ("chatbot", signal.SIGTERM)] * 2,
            marks=pytest.mark.faults,
        ),
    ],
    ids=["once", "twice"],
)
def test_sides_that_end_in_mid_burst_lose_nothing(
    stage: Stage, put_on_trial: FaultOnTrial, order: list[tuple[str, signal.Signals]]
) -> None:
    names = ", ".join(f"{side} {ENDS[number]}" for side, number in order)
    with put_on_trial(stage, names) as it:
        it.usual_traffic(rate=100)
        for side, number in order:
            it.phase(f"{side} {ENDS[number]}", worst=RESTART, usual=RESTART, beyond=[OTHER[side]])
            stage.platform.restart(side, number)
            it.audience.wait_until_live(*it.readers(side))
        it.phase("all serve again")
        it.goes_on(1)
        assert all(reader.opened > 1 for reader in it.audience.readers)


@pytest.mark.parametrize("side", ["chatbot", pytest.param("workbench", marks=pytest.mark.faults)])
def test_what_was_said_while_a_side_was_away_needs_no_new_event_to_arrive(
    stage: Stage, put_on_trial: FaultOnTrial, side: str
) -> None:
    with put_on_trial(stage, f"{side} killed, nothing new when it is back") as it:
        it.cast()
        it.writes(rate=100)
        it.begin()
        it.goes_on(1)
        it.phase("away", worst=RESTART, usual=RESTART, beyond=[OTHER[side]])
        launcher = psutil.Process(stage.platform.launcher.pid)
        launcher.suspend()  # nobody is started again before all is said
        try:
            process = psutil.Process(stage.platform.pid(side))
            process.kill()
            wait_until(lambda: not any(each.live for each in it.readers(side)), what="the end")
            it.goes_on(1)
            it.falls_silent()
            said = stage.ledger.head()
        finally:
            launcher.resume()
        it.audience.wait_until_live(*it.readers(side))
        assert stage.ledger.head() == said, "something new was said after all"
