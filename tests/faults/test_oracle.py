"""The judge of all the others must see what is wrong."""

from dataclasses import replace
from random import Random

import pytest

from tests.faults.ledger import Committed
from tests.faults.oracle import Phase, Verdict, caught_up, judge
from tests.faults.readers import Arrival, Place, Reader
from tests.faults.sockets import SocketReader
from tests.faults.stage import FILES_OF_POOLS, THREADS_OF_POOLS, Footprint

ROWS = [
    Committed("e", offset, frozenset({"sse:session:a"}), f'{{"timestamp":{offset}}}')
    for offset in (1, 2, 3)
]
HAPPENED = {row.offset: 100.0 for row in ROWS}


def reader(*offsets: int, at: float = 100.01, channel: str = "sse:session:*") -> Reader:
    it = Reader(
        "chatbot", 0, "/", channels=frozenset({channel}), headers={}, last="e-0", rng=Random(1)
    )
    it.arrivals = [Arrival(Place("e", n), f'{{"timestamp":{n}}}', at) for n in offsets]
    if offsets:
        it.place = Place("e", max(offsets))
    return it


def socket() -> SocketReader:
    channels = frozenset({"sse:session:a"})
    return SocketReader("chatbot", 0, "/", channels=channels, headers={}, last="e-0", rng=Random(1))


def verdict_of(it: Reader) -> Verdict:
    phases = [Phase("calm", 99, worst=1, usual=0.5, beyond=frozenset(), calm=(1, 0.5))]
    return judge(ROWS, [it], phases, written=len(ROWS), committed_at=HAPPENED)


def test_all_in_order_and_once_is_clean() -> None:
    verdict_of(reader(1, 2, 3)).must_be_clean(resets=0)
    assert caught_up(reader(1, 2, 3), ROWS)


@pytest.mark.parametrize(
    ("it", "fault"),
    [
        (reader(1, 3), "lost"),
        (reader(1, 2, 2, 3), "doubled"),
        (reader(1, 3, 2), "reordered"),
        (reader(1, 2, 3, 4), "invented"),
        (reader(1, 2, channel="sse:session:a"), "lost"),
    ],
    ids=["lost", "doubled", "reordered", "invented", "lost by its own session's client"],
)
def test_every_fault_has_its_count(it: Reader, fault: str) -> None:
    verdict = verdict_of(it)
    assert getattr(verdict, fault) == 1
    with pytest.raises(AssertionError):
        verdict.must_be_clean(resets=0)


def test_an_event_of_another_channel_must_not_be_heard() -> None:
    assert verdict_of(reader(1, channel="sse:session:b")).invented == 1


def test_whoever_comes_too_late_is_named() -> None:
    with pytest.raises(AssertionError, match="the slowest took"):
        verdict_of(reader(1, 2, 3, at=101.5)).must_be_clean(resets=0)


def test_a_frame_of_a_socket_is_judged_by_what_the_log_holds() -> None:
    it = socket()
    it.take_frame('{"id":"e-1","type":"note","timestamp":1}', 100.01)
    it.take_frame('{"id":null,"type":"typing","timestamp":1}', 100.01)
    assert [(arrival.place, arrival.data) for arrival in it.arrivals] == [
        (Place("e", 1), '{"type":"note","timestamp":1}')
    ]
    it.take_frame('{"id":"f-7","type":"reset","timestamp":1}', 100.01)
    assert (it.resets, it.begin, it.arrivals) == (1, Place("f", 7), [])


@pytest.mark.parametrize(
    "left",
    ["clients", "connections", "listeners", "tasks", "files", "threads"],
)
def test_what_is_left_in_a_server_is_seen(left: str) -> None:
    cold = Footprint(clients=1, files=30, threads=9, connections=0, listeners=0, tasks=9)
    pools = {"files": FILES_OF_POOLS, "threads": THREADS_OF_POOLS}
    warm = replace(cold, **{name: getattr(cold, name) + more for name, more in pools.items()})
    assert warm.within(cold)
    assert not replace(warm, **{left: getattr(warm, left) + 1}).within(cold)


def test_an_unexpected_reset_is_a_fault() -> None:
    with pytest.raises(AssertionError, match="1 resets"):
        verdict_of(reader(1, 2, 3)).must_be_clean(resets=1)


def test_nothing_tried_is_nothing_proven() -> None:
    with pytest.raises(AssertionError, match="nothing was tried"):
        Verdict().must_be_clean(resets=0)


def test_a_client_that_was_told_of_no_later_position_has_not_caught_up() -> None:
    assert not caught_up(reader(1, 2), ROWS)
