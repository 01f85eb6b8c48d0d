"""Log, hub and replay against a list: whatever happens, every reader has exactly its events.

`pytest realtime/tests/test_model.py --hypothesis-profile=long` looks for minutes.
"""

import itertools
from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from realtime import channels, doorbell, feed, publish, tailer
from realtime import hub as hubs
from realtime import log as event_log
from realtime.frames import Frame
from realtime.hub import Hub
from realtime.log import Position
from realtime.models import Event, Log
from realtime.tests.model import Reader, Reference, Said, Steps

A, B = channels.session("a"), channels.session("b")
AGENT = channels.agent(1)
AUDIENCES = [[A], [B], [A, B], [A, channels.BROADCAST], [AGENT]]
LISTENERS = [
    frozenset(names)
    for names in (
        [A],
        [B],
        [A, channels.BROADCAST],
        [channels.every_session()],
        [channels.every_session(), AGENT, channels.BROADCAST],
    )
]
GARBAGE = ["rubbish", "-", "zz-1", "e1-", "-1", "0-99999999999999999999"]

a_log = st.sampled_from([0, 0, 0, 1])  # mostly the first: what happens must meet
a_hub = st.sampled_from([0, 0, 1])
few = st.integers(0, 10)
any_of = st.integers(0, 10_000)  # an index, taken modulo what there is
numbers = itertools.count(1)


class Wire(RuleBasedStateMachine):
    """Two tenants' logs, two processes' hubs, readers that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.rung: list[Frame] = []
        self.steps = Steps()
        self.stand_ins = ExitStack()
        self.stand_ins.enter_context(patch.object(doorbell, "ring", self.rung.append))
        self.stand_ins.enter_context(patch.object(hubs, "in_thread", self.steps.run))
        life = next(numbers)
        self.logs = [Reference(f"model-{life}-{tenant}") for tenant in "ab"]
        self.hubs = [self.steps.do(new_hub(self.steps)) for _ in range(2)]
        self.readers: list[Reader] = []

    @initialize(frames=st.sampled_from([1, 1, 6]))
    def remember(self, frames: int) -> None:
        """How many recent frames are at hand; what is older is read from the log."""
        self.stand_ins.enter_context(patch.object(feed, "RECENT", frames))

    # -- the database ------------------------------------------------------------------------

    @rule(log=a_log, audiences=st.lists(st.sampled_from(AUDIENCES), min_size=1, max_size=6))
    def commit(self, log: int, audiences: list[list[str]]) -> None:
        with transaction.atomic():
            for to in audiences:
                self.say_and_note(log, to)

    @rule(log=a_log, to=st.sampled_from(AUDIENCES))
    def roll_back(self, log: int, to: list[str]) -> None:
        with transaction.atomic():
            self.say(self.logs[log], Said(0, to))
            transaction.set_rollback(True)

    @rule(log=a_log, lost=st.sampled_from(AUDIENCES), kept=st.sampled_from(AUDIENCES))
    def roll_back_to_a_savepoint(self, log: int, lost: list[str], kept: list[str]) -> None:
        with transaction.atomic():
            with transaction.atomic():
                self.say(self.logs[log], Said(0, lost))
                transaction.set_rollback(True)
            self.say_and_note(log, kept)

    def say_and_note(self, log: int, to: list[str]) -> None:
        reference, said = self.logs[log], Said(next(numbers), to)
        position = self.say(reference, said)
        reference.events.append(said)
        assert position == f"{reference.epoch}-{reference.head}"

    def say(self, reference: Reference, said: Said) -> str | None:
        payload = {"n": said.n}
        return publish.to_channels(
            said.channels, "note", payload, source="system", log=reference.name
        )

    @precondition(lambda self: any(reference.head for reference in self.logs))
    @rule(log=a_log, left=few)
    def trim(self, log: int, left: int) -> None:
        reference = self.logs[log]
        floor = max(0, reference.head - left)
        now = timezone.now()
        old = Event.objects.filter(log__name=reference.name, offset__lte=floor)
        old.update(created_at=now - timedelta(days=9))
        event_log.trim(reference.name, before=now - timedelta(days=1))
        reference.floor = max(reference.floor, floor)
        for reader in self.readers:
            if reader.reference is reference and reader.progress < reference.floor:
                reader.permits += 1

    @rule(log=a_log, lost=few, noticed_by=st.lists(a_hub, max_size=2))
    def restore(self, log: int, lost: int, noticed_by: list[int]) -> None:
        """An old copy, under processes that may notice; then a new life, as the page on restoring
        says."""
        reference = self.logs[log]
        head = max(reference.floor, reference.head - lost)
        Event.objects.filter(log__name=reference.name, offset__gt=head).delete()
        Log.objects.filter(name=reference.name).update(offset=head)
        for reader in self.readers:
            # once as it is noticed, and once for the life it is given
            reader.permits += 2 * (reader.reference is reference)
        for hub in noticed_by:
            self.steps.begin(self.hubs[hub].tailer.catch_up(), stepwise=False)
        event_log.renew_epoch(reference.name, epoch=reference.epoch)

    # -- the doorbell ------------------------------------------------------------------------

    @precondition(lambda self: self.rung)
    @rule(hub=a_hub, frame=any_of)
    def ring(self, hub: int, frame: int) -> None:
        """Any ring of the past, in any order, as often as you like; many never."""
        self.hubs[hub].hear(self.rung[frame % len(self.rung)], "layer")

    @precondition(lambda self: self.rung)
    @rule(hub=a_hub)
    def ring_the_latest(self, hub: int) -> None:
        for frame in self.rung[-3:]:
            self.hubs[hub].hear(frame, "layer")

    # -- the processes -----------------------------------------------------------------------

    @rule(hub=a_hub, stepwise=st.booleans())
    def look_at_the_log(self, hub: int, stepwise: bool) -> None:
        self.steps.begin(self.hubs[hub].tailer.catch_up(), stepwise=stepwise)

    @precondition(lambda self: self.steps.paused)
    @rule(work=any_of)
    def go_on(self, work: int) -> None:
        self.steps.go_on(work % len(self.steps.paused))

    @rule(hub=a_hub)
    def restart(self, hub: int) -> None:
        self.steps.cancel()
        self.readers = [
            each for each in self.readers if each.hub is not self.hubs[hub] and each.joined
        ]
        self.hubs[hub] = self.steps.do(new_hub(self.steps))

    @rule(hub=a_hub)
    def drop_unused(self, hub: int) -> None:
        self.steps.begin(self.hubs[hub].drop_unused(), stepwise=False)

    # -- the readers -------------------------------------------------------------------------

    @rule(
        hub=a_hub,
        log=a_log,
        listening=st.sampled_from(LISTENERS),
        stepwise=st.booleans(),
        life=st.sampled_from([0, 0, 0, 1, 2]),
        back=few,
    )
    def come_with_a_position(
        self, hub: int, log: int, listening: frozenset[str], stepwise: bool, life: int, back: int
    ) -> None:
        """Of this life of the log or an earlier one; now and then of the future."""
        lives = list(self.logs[log].lives.items())[::-1]
        epoch, events = lives[life % len(lives)]
        last = f"{epoch}-{max(0, len(events) + 1 - back)}"
        self.come(hub, log, listening, last, stepwise=stepwise)

    @rule(
        hub=a_hub,
        log=a_log,
        listening=st.sampled_from(LISTENERS),
        stepwise=st.booleans(),
        last=st.sampled_from(["", *GARBAGE]),
    )
    def come_without(
        self, hub: int, log: int, listening: frozenset[str], stepwise: bool, last: str
    ) -> None:
        self.come(hub, log, listening, last, stepwise=stepwise)

    @precondition(lambda self: self.readers)
    @rule(reader=any_of, hub=a_hub, stepwise=st.booleans())
    def come_back(self, reader: int, hub: int, stepwise: bool) -> None:
        """To this process or the other, with the last position heard of."""
        old = self.send_away(reader)
        log = self.logs.index(old.reference)
        self.come(hub, log, old.channels, old.last or "", stepwise=stepwise)

    @precondition(lambda self: self.readers)
    @rule(reader=any_of)
    def leave(self, reader: int) -> None:
        self.send_away(reader)

    def send_away(self, reader: int) -> Reader:
        gone = self.readers.pop(reader % len(self.readers))
        gone.task.cancel()
        self.steps.turn()
        gone.hub.leave(gone, gone.reference.name)
        return gone

    def come(
        self, hub: int, log: int, listening: frozenset[str], last: str, *, stepwise: bool
    ) -> None:
        reader = Reader(self.hubs[hub], self.logs[log], listening, last)
        self.readers.append(reader)
        reader.join(self.steps, stepwise=stepwise)

    # -- what must hold ----------------------------------------------------------------------

    @invariant()
    def every_reader_has_exactly_its_events(self) -> None:
        for reference in self.logs:
            reference.new_life()
        for reader in self.readers:
            reader.check()

    @rule()
    def in_the_end_everyone_has_everything(self) -> None:
        self.steps.finish()
        for hub in self.hubs:
            self.steps.do(hub.tailer.catch_up())
            for reference in self.logs:
                reference.new_life()
                if reference.name in hub.feeds:
                    position = Position(reference.epoch, reference.head)
                    assert hub.feeds[reference.name].position == position
        self.every_reader_has_exactly_its_events()

    def teardown(self) -> None:
        try:
            self.in_the_end_everyone_has_everything()
            while self.readers:
                self.leave(0)
            for hub in self.hubs:
                self.steps.do(hub.drop_unused())
                assert hub.feeds == {}
        finally:
            self.stand_ins.close()
            self.steps.close()


async def new_hub(steps: Steps) -> Hub:
    """A hub without tasks and threads of its own: what it does, it is told to."""
    hub = Hub()
    hub.tailer._threads._pool.shutdown()
    hub.tailer._threads.run = steps.run  # type: ignore[method-assign]
    return hub


@pytest.mark.timeout(0)  # as long as the profile says
@pytest.mark.django_db(transaction=True)
def test_every_reader_hears_exactly_its_events(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, small in (
        (hubs, "MAX_REPLAY", 8),
        (hubs, "CHUNK", 5),
        (hubs, "PORTION", 150),
        (tailer, "CHUNK", 2),
    ):
        monkeypatch.setattr(module, name, small)
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # one thread, turned by hand
    run_state_machine_as_test(Wire, settings=length())


def length() -> settings:
    long = settings.get_current_profile_name() == "long"
    return settings(
        max_examples=300 if long else 100,
        stateful_step_count=60 if long else 40,
        deadline=None,
        derandomize=not long,
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
