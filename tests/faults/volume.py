"""A process that publishes as fast as it is told to, until SIGTERM; says what it committed.

Each line of its output is one publication: its offset (null if it was rolled back), when the commit
was done (monotonic s) and how long the publishing transaction took.
"""

import json
import random
import signal
import sys
import time
from dataclasses import dataclass
from typing import Any

import django
from django.db import DatabaseError, InterfaceError, connection, transaction

TYPES = ("note", "new_price", "delivery")
PAUSE_AFTER_FAULT = 0.1


@dataclass(frozen=True)
class Plan:
    """`rate` publications a second to `channels` of `log`; `rollbacks`: the share that is taken
    back, in whole or down to a savepoint; `size`: the longest payload in characters."""

    seed: str
    log: str
    channels: list[str]
    rate: float
    rollbacks: float = 0.0
    size: int = 200


class Volume:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.random = random.Random(plan.seed)
        self.stopped = False
        self.count = 0

    def run(self) -> None:
        due = time.monotonic()
        while not self.stopped:
            due += self.random.expovariate(self.plan.rate)
            time.sleep(max(0.0, due - time.monotonic()))  # the pace, in bursts as chance has it
            try:
                self._publish_one()
            except (DatabaseError, InterfaceError):
                connection.close()
                time.sleep(PAUSE_AFTER_FAULT)
                due = time.monotonic()

    def _publish_one(self) -> None:
        started = time.monotonic()
        offset = self._taken_back() if self.random.random() < self.plan.rollbacks else self._event()
        now = time.monotonic()
        print(json.dumps({"offset": offset, "at": now, "took": now - started}), flush=True)

    def _event(self) -> int:
        from realtime import publish

        self.count += 1
        count = 2 if self.random.random() < 0.1 else 1
        names = self.random.sample(self.plan.channels, min(count, len(self.plan.channels)))
        payload: dict[str, Any] = {
            "n": self.count,
            "text": "x" * self.random.randrange(self.plan.size),
        }
        kind = self.random.choice(TYPES)
        position = publish.to_channels(names, kind, payload, source="system", log=self.plan.log)
        return int(str(position).rpartition("-")[2])

    def _taken_back(self) -> int | None:
        """All of it, or an inner part of a transaction whose outer part stays."""
        offset = None
        with transaction.atomic():
            if self.random.random() < 0.5:
                offset = self._event()
            try:
                with transaction.atomic():
                    self._event()
                    raise TakenBack
            except TakenBack:
                pass
            if offset is None:
                transaction.set_rollback(True)
        return offset


class TakenBack(Exception):
    pass


def main() -> None:
    django.setup()
    from realtime import doorbell

    volume = Volume(Plan(**json.loads(sys.argv[1])))
    signal.signal(signal.SIGTERM, lambda *_: setattr(volume, "stopped", True))
    print("ready", flush=True)
    volume.run()
    doorbell.flush(2)


if __name__ == "__main__":
    main()
