"""Redis dies, stands still, or is out of reach: slower, never wrong."""

from statistics import median

import psutil
import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage

# Redis is doubted when an answer is 30 ms late, and the log is looked at every 25 ms from then on.
# The rest of the slowest event's second is for two busy cores.
WORST, USUAL = 1.0, 0.1
ADDED = 0.005  # s that publishing may take longer than before;
ADDED_TO_POSTS = 0.05  # a post is ten queries on two busy cores, and whoever waited for Redis: 0.5
CALM, LONG = 1.5, 3.0


@pytest.mark.parametrize(
    "seconds",
    [pytest.param(0, marks=pytest.mark.faults), 1, pytest.param(30, marks=pytest.mark.faults)],
    ids="{}s".format,
)
def test_nothing_is_lost_while_redis_is_killed_and_started_again(
    stage: Stage, put_on_trial: FaultOnTrial, seconds: int
) -> None:
    with put_on_trial(stage, f"Redis killed, back after {seconds} s") as it:
        it.usual_traffic()
        it.phase("killed", worst=WORST, usual=USUAL)
        stage.broker.kill()
        if seconds:
            it.goes_on(seconds)
        stage.broker.start()
        it.goes_on(1)
        stage.wait_for_layer("redis", seconds=10)
        it.phase("back")
        it.goes_on(CALM)


def test_a_redis_that_stands_still_slows_nobody_who_publishes(
    stage: Stage, put_on_trial: FaultOnTrial
) -> None:
    with put_on_trial(stage, "Redis stopped with SIGSTOP, continued") as it:
        publisher = it.usual_traffic(seconds=LONG)
        posts = len(it.posts_took())
        frozen = psutil.Process(stage.broker.pid)
        phase = it.phase("standing still", worst=WORST, usual=USUAL)
        frozen.suspend()
        try:
            it.goes_on(LONG)
        finally:
            frozen.resume()
        after = it.phase("continued", worst=WORST, usual=USUAL)
        calm, still = it.phases[0].since, it.median_of(publisher, phase.since, after.since)
        assert still - it.median_of(publisher, calm, phase.since) < ADDED
        took = it.posts_took()
        assert median(took[posts:]) - median(took[:posts]) < ADDED_TO_POSTS, (
            "people waited for Redis"
        )
        stage.wait_for_layer("redis", seconds=10)
        it.goes_on(CALM)
