import time

import pytest

from chatplatform.protection.limiter import Limiter, Rate

RATE = Rate(per_minute=60, burst=3)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock: Clock) -> Limiter:
    return Limiter(clock=clock)


def test_a_burst_is_let_in_and_then_one_at_a_time(limiter: Limiter, clock: Clock) -> None:
    assert [limiter.spend("ana", RATE) for _ in range(3)] == [0, 0, 0]
    assert limiter.spend("ana", RATE) == pytest.approx(1.0)
    clock.now += 0.4
    assert limiter.spend("ana", RATE) == pytest.approx(0.6)
    clock.now += 0.6
    assert limiter.spend("ana", RATE) == 0
    assert limiter.spend("ana", RATE) == pytest.approx(1.0)


def test_whoever_is_turned_away_is_not_kept_away_longer_by_asking(
    limiter: Limiter, clock: Clock
) -> None:
    for _ in range(100):
        limiter.spend("ana", RATE)
    clock.now += 1.0
    assert limiter.spend("ana", RATE) == 0


def test_after_a_pause_a_burst_is_free_again_and_no_more(limiter: Limiter, clock: Clock) -> None:
    for _ in range(3):
        limiter.spend("ana", RATE)
    clock.now += 3600
    assert [limiter.spend("ana", RATE) > 0 for _ in range(4)] == [False, False, False, True]


def test_one_pays_for_nobody_else(limiter: Limiter) -> None:
    for _ in range(9):
        limiter.spend("ana", RATE)
    assert limiter.spend("ben", RATE) == 0


def test_memory_is_bounded_and_who_floods_stays_known(clock: Clock) -> None:
    limiter = Limiter(most_keys=100, clock=clock)
    for number in range(10_000):
        limiter.spend(f"passer-by {number}", RATE)
        limiter.spend("flood", RATE)
    assert len(limiter) <= 100
    assert limiter.spend("flood", RATE) > 0


def test_it_costs_microseconds_even_when_full() -> None:
    limiter = Limiter(most_keys=10_000)
    began = time.perf_counter()
    for number in range(50_000):
        limiter.spend(number, RATE)
    assert (time.perf_counter() - began) / 50_000 < 100e-6  # s; some 2 in truth
