"""One fault on trial: traffic flows, something breaks, traffic goes on, the oracle judges."""

import os
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from statistics import median

from tests.faults.ledger import Committed
from tests.faults.oracle import Phase, Verdict, caught_up, judge
from tests.faults.readers import SILENCE, Audience, Reader
from tests.faults.sockets import SocketReader
from tests.faults.stage import Stage
from tests.faults.volume import Plan
from tests.faults.writers import Publisher, Talker
from tests.people import API, Customer
from tests.servers import SIDES

# Without rings the tailer's 0.25 s show in the median; without the tailer a lost ring shows as a
# loss or as seconds. Seconds tell something only where nothing else runs (`make faults`): among
# other tests it is losses that count.
AMONG_OTHERS = "PYTEST_XDIST_WORKER" in os.environ
CALM_WORST, CALM_USUAL = (20.0, 20.0) if AMONG_OTHERS else (2.0, 0.1)


class Trial:
    """A cast of customers and agents with their streams, and writers at work."""

    def __init__(self, stage: Stage, name: str, *, seed: str) -> None:
        self.stage, self.name = stage, name
        self.rng = Random(f"{seed}:{name}")
        self.audience = Audience()
        self.phases: list[Phase] = []
        self.talkers: list[Talker] = []
        self.publishers: list[Publisher] = []
        self.customers: list[Customer] = []
        self.start = stage.ledger.head()
        self._remembered: list[Committed] = []
        self.resets_expected = False
        self.by_proxy = False  # whether streams go through the stage's proxies
        self.silence = SILENCE

    # -- the cast ----------------------------------------------------------------------------

    def cast(self, *, customers: int = 12, streams: int = 3, agents: int = 6) -> None:
        """`streams` and a WebSocket for each customer; `agents` streams that hear everything."""
        self.customers = [Customer(self.stage.platform) for _ in range(customers)]
        readers = [self.customers_reader(each) for each in self.customers for _ in range(streams)]
        readers += [self.customers_socket(each) for each in self.customers]
        readers += [self.agents_reader() for _ in range(agents)]
        self.audience.admit(*readers)
        self.audience.wait_until_live()

    def customers_reader(self, customer: Customer, *, last: str = "") -> Reader:
        return self._customers(Reader, customer, customer.path("/events"), last=last)

    def customers_socket(self, customer: Customer, *, last: str = "") -> Reader:
        path = f"{API}/ws/sessions/{customer.session}"
        return self._customers(SocketReader, customer, path, last=last)

    def _customers(self, kind: type[Reader], customer: Customer, path: str, *, last: str) -> Reader:
        return kind(
            "chatbot",
            self._port("chatbot"),
            path,
            channels=frozenset({f"sse:session:{customer.session}"}),
            headers={"Authorization": f"Bearer {customer.token}"},
            last=last or customer.position,
            rng=Random(self.rng.random()),
            silence=self.silence,
        )

    def agents_reader(self, *, last: str = "") -> Reader:
        return Reader(
            "workbench",
            self._port("workbench"),
            f"{API}/events",
            channels=self.stage.agents_channels,
            headers={"Authorization": f"Bearer {self.stage.agent.token}"},
            last=last,
            rng=Random(self.rng.random()),
            silence=self.silence,
        )

    def readers(self, side: str) -> list[Reader]:
        return [reader for reader in self.audience.readers if reader.side == side]

    def _port(self, side: str) -> int:
        """Past the proxy, which costs time, unless this trial is about it."""
        return self.stage.front[side].port if self.by_proxy else self.stage.platform.port[side]

    # -- the traffic -------------------------------------------------------------------------

    def writes(
        self, *, rate: float = 60, rollbacks: float = 0.0, log: str = "demo", size: int = 200
    ) -> Publisher:
        """A process that publishes to everyone in the cast."""
        names = [f"sse:session:{each.session}" for each in self.customers]
        plan = Plan(
            seed=str(self.rng.random()),
            log=log,
            channels=[*names, "sse:broadcast", self.stage.agents_own_channel],
            rate=rate,
            rollbacks=rollbacks,
            size=size,
        )
        output = self.stage.platform.folder / f"publisher-{self.rng.getrandbits(64):x}"
        publisher = Publisher(plan, self.stage.environment(), output)
        self.publishers.append(publisher)
        return publisher

    def talk(self, *, customers: int = 3, pause: float = 0.1) -> None:
        """Some customers wait for a person and go on talking; an agent answers the first."""
        for number, customer in enumerate(self.customers[:customers]):
            customer.asks_for_a_person()
            self._talker(customer, customer.path("/messages"), f"c{number}", pause)
        if self.customers:
            session = self.customers[0].session
            self.stage.agent.accepts(session).raise_for_status()
            path = f"{API}/sessions/{session}/messages"
            self._talker(self.stage.agent, path, "agent", pause)

    def _talker(self, person: object, path: str, name: str, pause: float) -> None:
        rng = Random(self.rng.random())
        talker = Talker(person, path, name=name, rng=rng, pause=pause)  # type: ignore[arg-type]
        self.talkers.append(talker)

    def begin(self) -> None:
        for publisher in self.publishers:
            publisher.wait_until_ready()
        self.phase("calm")
        for talker in self.talkers:
            talker.start()

    def phase(
        self,
        name: str,
        *,
        worst: float = CALM_WORST,
        usual: float = CALM_USUAL,
        beyond: Collection[str] = (),
    ) -> Phase:
        """From now on other bounds hold, but not on the sides `beyond` the fault."""
        calm = (CALM_WORST, CALM_USUAL)
        now = time.monotonic()
        self.phases.append(Phase(name, now, worst, usual, frozenset(beyond), calm))
        return self.phases[-1]

    def usual_traffic(self, *, seconds: float = 1.5, rate: float = 60) -> Publisher:
        """The cast comes in, everyone writes, and a calm while passes."""
        self.cast()
        publisher = self.writes(rate=rate)
        self.talk()
        self.begin()
        self.goes_on(seconds)
        return publisher

    def goes_on(self, seconds: float) -> None:
        """The traffic's time: nothing is awaited but the clock."""
        threading.Event().wait(seconds)
        for talker in self.talkers:
            assert not talker.trouble, talker.trouble

    def falls_silent(self) -> None:
        """All writers end; nothing new is said."""
        for talker in self.talkers:
            talker.stop()
        for talker in self.talkers:
            talker.join()
            assert not talker.trouble, talker.trouble
        for publisher in self.publishers:
            publisher.stop()

    # -- the judgement -----------------------------------------------------------------------

    def committed(self) -> list[Committed]:
        """What was written since we began, and is or was in the log."""
        known = {(row.epoch, row.offset): row for row in self._remembered}
        known |= {(row.epoch, row.offset): row for row in self.stage.ledger.events()}
        return [row for row in known.values() if row.offset > self.start[1]]

    def remember(self) -> None:
        """Keep what is in the log now: it is about to go."""
        self._remembered = self.committed()

    def settle(self, *, seconds: float = 30) -> Verdict:
        """Wait until everyone has everything that was ever committed, and judge."""
        rows = self.committed()
        late: Sequence[Reader] = ()
        deadline = time.monotonic() + seconds
        while late := [each for each in self.audience.readers if not caught_up(each, rows)]:
            if time.monotonic() > deadline:
                break
            threading.Event().wait(0.05)
            rows = self.committed()
        known = {k: v for each in self.publishers for k, v in each.committed_at().items()}
        verdict = judge(
            rows, self.audience.readers, self.phases, written=len(rows), committed_at=known
        )
        if late:
            verdict.complaints.append(f"{len(late)} readers had not caught up in {seconds:g} s")
        return verdict

    def check_footprint(self, *, seconds: float = 40) -> None:
        """Once the cast is gone, nothing of it is left in the servers."""
        deadline = time.monotonic() + seconds
        for side in SIDES:
            cold = self.stage.cold[side]
            while not (now := self.stage.footprint(side)).within(cold):
                assert time.monotonic() < deadline, f"{side} keeps {now}, had {cold} at first"
                threading.Event().wait(0.1)

    def resets(self) -> int:
        return sum(reader.resets for reader in self.audience.readers)

    def posts_took(self) -> list[float]:
        return [took for talker in self.talkers for took in talker.took]

    def median_of(self, publisher: Publisher, since: float, until: float = float("inf")) -> float:
        return median(publisher.took(since, until))

    def close(self) -> None:
        for talker in self.talkers:
            talker.stop()
        for publisher in self.publishers:
            publisher.kill()
        self.audience.close()
        for customer in self.customers:
            customer.http.close()


@contextmanager
def on_trial(stage: Stage, name: str, *, seed: str) -> Iterator[Trial]:
    """Whatever happens in it, nothing of it runs on afterwards."""
    trial = Trial(stage, name, seed=seed)
    try:
        yield trial
    finally:
        trial.close()
