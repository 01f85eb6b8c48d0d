"""Redis is there and does not do as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import redis

from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage

WORST, USUAL = 1.0, 0.1  # as when Redis is gone
MANY = 10_000


def kill_subscribers(broker: redis.Redis) -> None:
    broker.execute_command("CLIENT", "KILL", "TYPE", "pubsub")


def forget_everything(broker: redis.Redis) -> None:
    broker.flushall()


def have_no_memory_for_keys(broker: redis.Redis) -> None:
    broker.config_set("maxmemory-policy", "noeviction")
    broker.config_set("maxmemory", 1)


def have_no_memory_for_clients(broker: redis.Redis) -> None:
    """PUBLISH needs none for keys; what memory can take from it are its clients."""
    broker.execute_command("CLIENT", "NO-EVICT", "on")
    broker.config_set("maxmemory-clients", 1)


def let_nobody_in(broker: redis.Redis) -> None:
    """The control connection is the one that is allowed; whoever else was in is thrown out."""
    broker.config_set("maxclients", 1)
    broker.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    broker.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


def answer_publish_with_an_error(broker: redis.Redis) -> None:
    broker.execute_command("ACL", "SETUSER", "default", "-publish")


def cut_slow_subscribers(broker: redis.Redis) -> None:
    """Every subscriber counts as slow: what is sent to it is already too much."""
    broker.config_set("client-output-buffer-limit", "pubsub 1 1 1")


@contextmanager
def mended_afterwards(stage: Stage) -> Iterator[redis.Redis]:
    with stage.redis() as broker:
        broker.ping()  # in while one still gets in
        try:
            yield broker
        finally:
            broker.config_set("maxclients", MANY)
            broker.config_set("maxmemory-clients", 0)
            broker.config_set("maxmemory", 0)
            broker.config_set("client-output-buffer-limit", "pubsub 33554432 8388608 60")
            broker.execute_command("ACL", "SETUSER", "default", "+publish")


@pytest.mark.parametrize(
    "refuse",
    [
        kill_subscribers,
        pytest.param(forget_everything, marks=pytest.mark.faults),
        pytest.param(have_no_memory_for_keys, marks=pytest.mark.faults),
        pytest.param(have_no_memory_for_clients, marks=pytest.mark.faults),
        pytest.param(let_nobody_in, marks=pytest.mark.faults),
        pytest.param(answer_publish_with_an_error, marks=pytest.mark.faults),
        pytest.param(cut_slow_subscribers, marks=pytest.mark.faults),
    ],
    ids=lambda refuse: refuse.__name__,
)
def test_nothing_is_lost_when_redis_refuses(
    stage: Stage, put_on_trial: FaultOnTrial, refuse: Callable[[redis.Redis], None]
) -> None:
    with put_on_trial(stage, f"Redis: {refuse.__name__.replace('_', ' ')}") as it:
        it.usual_traffic()
        it.phase("refusing", worst=WORST, usual=USUAL)
        with mended_afterwards(stage) as broker:
            refuse(broker)
            it.goes_on(2)
        stage.wait_for_layer("redis", seconds=10)
        it.phase("well again")
        it.goes_on(1)
