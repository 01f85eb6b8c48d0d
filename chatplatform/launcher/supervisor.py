"""Keeps the children running until a signal asks us to stop."""

import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from types import FrameType

from chatplatform.launcher.child import Child

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 10.0  # seconds a child has to say farewell to its streams


class Supervisor:
    """One thread, one loop: start what is due, notice what died, stop it all at the end.

    `foundations` start before the services and stop after them. `report` gets one line per event;
    `each_turn` runs on every turn and must not block long.
    """

    def __init__(
        self,
        services: Sequence[Child],
        *,
        foundations: Sequence[Child] = (),
        report: Callable[[str], None],
        each_turn: Callable[[], None] = lambda: None,
    ) -> None:
        self._services = list(services)
        self._foundations = list(foundations)
        self._report = report
        self._each_turn = each_turn
        self._stops_asked = 0
        self._awake, self._wake = socket.socketpair()

    def run(self) -> None:
        """Return once everything that was started has ended."""
        self._listen_for_signals()
        try:
            while not self._stops_asked:
                self._turn()
        finally:
            self._stop(self._services)
            self._stop(self._foundations)

    def _turn(self) -> None:
        for child in [*self._foundations, *self._services]:
            status = child.reap()
            if status is not None:
                self._report(f"{child.name} {_ending(status)}; starting it again")
            child.start_if_due()
        self._each_turn()
        self._sleep(0.2)

    def _sleep(self, seconds: float) -> None:
        """Until a signal arrives (a child's end is one), at most `seconds`."""
        if select.select([self._awake], [], [], seconds)[0]:
            self._awake.recv(512)

    def _listen_for_signals(self) -> None:
        self._awake.setblocking(False)
        self._wake.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOP_SIGNALS:
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stops_asked += 1

    def _stop(self, children: Sequence[Child]) -> None:
        """All at once and gracefully; a second signal means without the grace."""
        deadline = time.monotonic() + GRACE
        for child in children:
            child.terminate()
        for child in children:
            while not child.wait(0.1):
                if self._stops_asked > 1 or time.monotonic() > deadline:
                    child.kill()


def _ending(status: int) -> str:
    """An exit status in words: `ended with status 1`, `was ended by SIGKILL`."""
    if status >= 0:
        return f"ended with status {status}"
    return f"was ended by {signal.Signals(-status).name}"
