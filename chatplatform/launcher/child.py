"""One process the launcher keeps alive."""

import os
import subprocess
import time
from collections.abc import Sequence
from functools import partial

from chatplatform.launcher.leash import die_with

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
SETTLED_AFTER = 10.0  # a child that lived this long starts again without a longer pause


class Child:
    """A command, started again whenever it ends, with a growing pause while it keeps failing."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: dict[str, str],
        inherits: Sequence[int] = (),
        cwd: str,
    ) -> None:
        self.name = name
        self.pause = FIRST_PAUSE
        self.start_at = 0.0
        self._command = list(command)
        self._environment = environment
        self._inherits = tuple(inherits)
        self._cwd = cwd
        self._started_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start_if_due(self) -> bool:
        """Start it when it is down and its pause is over; True when it was started now."""
        if self._process or time.monotonic() < self.start_at:
            return False
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own commands
            self._command,
            env=self._environment,
            pass_fds=self._inherits,
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the launcher alone, which stops us in order
            preexec_fn=partial(die_with, os.getpid()),
        )
        return True

    def reap(self) -> int | None:
        """The exit status if it ended since the last call; sets when it may start again."""
        status = self._process.poll() if self._process else None
        if status is None:
            return None
        self._process = None
        if time.monotonic() - self._started_at > SETTLED_AFTER:
            self.pause = FIRST_PAUSE
        self.start_at = time.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        return status

    def terminate(self) -> None:
        if self._process:
            self._process.terminate()

    def kill(self) -> None:
        if self._process:
            self._process.kill()

    def wait(self, seconds: float) -> bool:
        """True when it has ended within `seconds`."""
        try:
            if self._process:
                self._process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        self._process = None
        return True
