"""The line to Redis, cut or clogged in every way a line can be."""

from collections.abc import Callable

import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.proxy import Proxy
from tests.faults.stage import Stage

WORST, USUAL = 1.0, 0.1  # as when Redis is gone
SLOW_LINE = 0.3  # s each way


def cut(line: Proxy) -> None:
    line.cut()


def silent_both_ways(line: Proxy) -> None:
    line.hold()


def silent_towards_redis(line: Proxy) -> None:
    line.hold("there")


def silent_from_redis(line: Proxy) -> None:
    """Redis hears us and we hear nothing: PUBLISH arrives, its answer never does."""
    line.hold("back")


def losing_bytes(line: Proxy) -> None:
    line.drop("back")


def slow(line: Proxy) -> None:
    line.delay(SLOW_LINE)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(cut, marks=pytest.mark.faults),
        pytest.param(silent_both_ways, marks=pytest.mark.faults),
        pytest.param(silent_towards_redis, marks=pytest.mark.faults),
        silent_from_redis,
        pytest.param(losing_bytes, marks=pytest.mark.faults),
        pytest.param(slow, marks=pytest.mark.faults),
    ],
    ids=lambda trouble: trouble.__name__,
)
def test_nothing_is_lost_on_a_bad_line_to_redis(
    stage: Stage, put_on_trial: FaultOnTrial, trouble: Callable[[Proxy], None]
) -> None:
    with put_on_trial(stage, f"Line to Redis: {trouble.__name__.replace('_', ' ')}") as it:
        it.usual_traffic()
        it.phase("bad line", worst=WORST, usual=USUAL)
        trouble(stage.line)
        try:
            it.goes_on(3)
        finally:
            stage.line.heal()
        it.goes_on(1)
        stage.wait_for_layer("redis", seconds=10)
        it.phase("good again")
        it.goes_on(1)


@pytest.mark.faults
def test_a_dead_line_is_noticed_within_a_second(stage: Stage, put_on_trial: FaultOnTrial) -> None:
    """Nobody resets the connection, so only the probe can tell."""
    with put_on_trial(stage, "Line to Redis: dead, noticed") as it:
        it.usual_traffic()
        it.phase("dead", worst=WORST, usual=USUAL)
        stage.line.hold()
        try:
            stage.wait_for_layer("memory", seconds=2)
        finally:
            stage.line.heal()
        stage.wait_for_layer("redis", seconds=10)
