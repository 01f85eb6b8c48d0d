"""Clients that vanish, fall silent or read too slowly cost nobody else anything."""

import psutil
import pytest

from tests.faults.clients import (
    SMALL_BUFFER,
    Sipper,
    fall_off_the_network,
    opened_stream,
    vanish,
)
from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage
from tests.processes import wait_until

CROWD = 100
LARGE = 40_000  # characters of the longest payload
MUCH = 60  # MiB that a process may grow while a few clients read nothing
SILENT_PEER = 40  # s: a heartbeat is due within 10, and unanswered for 20 is dead


@pytest.mark.faults
def test_clients_that_vanish_leave_nothing_behind(stage: Stage, put_on_trial: FaultOnTrial) -> None:
    with put_on_trial(stage, "100 clients vanish at once, again and again") as it:
        it.usual_traffic()
        open_before = stage.metric("workbench", "connections")
        for _ in range(3):
            crowd = [opened_stream(it.agents_reader()) for _ in range(CROWD)]
            for number, peer in enumerate(crowd):
                vanish(peer) if number % 2 else peer.close()
        wait_until(
            lambda: stage.metric("workbench", "connections") == open_before,
            what="the vanished to be let go",
        )


@pytest.mark.faults
def test_clients_that_fell_off_the_network_are_let_go(
    stage: Stage, put_on_trial: FaultOnTrial
) -> None:
    with put_on_trial(stage, "half-open clients: nothing acknowledged") as it:
        it.usual_traffic()
        open_before = stage.metric("chatbot", "connections")
        lost = [opened_stream(it.customers_reader(it.customers[-1])) for _ in range(20)]
        for peer in lost:
            fall_off_the_network(peer)
        assert stage.metric("chatbot", "connections") == open_before + len(lost)
        wait_until(
            lambda: stage.metric("chatbot", "connections") == open_before,
            seconds=SILENT_PEER,
            what="the half-open to be let go",
        )
        for peer in lost:
            peer.close()


@pytest.mark.faults
def test_clients_behind_a_proxy_that_stopped_forwarding_come_back(
    stage: Stage, put_on_trial: FaultOnTrial
) -> None:
    with put_on_trial(stage, "proxies to both sides stop forwarding") as it:
        it.by_proxy, it.silence = True, 12.0  # s, above the server's heartbeat
        it.usual_traffic()
        it.phase("silent", worst=40, usual=40)
        for proxy in stage.front.values():
            proxy.hold("back")
        try:
            it.goes_on(it.silence + 2)
        finally:
            for proxy in stage.front.values():
                proxy.heal()
        it.audience.wait_until_live()
        it.phase("forwarding again")
        it.goes_on(1)


def test_clients_that_do_not_read_are_let_go_and_miss_nothing(
    stage: Stage, put_on_trial: FaultOnTrial
) -> None:
    with put_on_trial(stage, "a slow reader and a reader of nothing") as it:
        it.cast(customers=4, streams=1, agents=4)
        it.writes(rate=60, size=LARGE)
        it.begin()
        process = psutil.Process(stage.platform.pid("workbench"))
        memory, closed = (
            process.memory_info().rss,
            stage.metric("workbench", "slow_readers_closed_total"),
        )
        head = "{}-{}".format(*stage.ledger.head())
        late = [it.agents_reader(last=head) for _ in range(2)]
        deaf, slow = (opened_stream(reader, buffer=SMALL_BUFFER) for reader in late)
        sipper = Sipper(slow, bytes_a_second=1024)
        wait_until(
            lambda: stage.metric("workbench", "slow_readers_closed_total") >= closed + 2,
            seconds=40,
            what="both to be let go",
        )
        assert process.memory_info().rss < memory + MUCH * 2**20
        sipper.close()
        deaf.close()
        for reader in late:
            reader.timed = False  # what they missed while they did not read is old by now
        it.audience.admit(*late)
        it.audience.wait_until_live()
