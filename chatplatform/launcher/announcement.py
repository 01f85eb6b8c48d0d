"""Tells the person at the terminal where everything is, once it really is there."""

import time
from collections.abc import Callable, Mapping, Sequence

from chatplatform.launcher.readiness import ask_readiness, own_name

PROBE_SECONDS = 0.5  # the supervisor's loop waits for us; short, so that a signal is heard


class Announcement:
    """Printed when every service has answered `/readyz`, and only the first time."""

    def __init__(
        self,
        host: str,
        ports: Mapping[str, int],
        *,
        logins: Sequence[str],
        started: float,
        say: Callable[[str], None],
    ) -> None:
        self._address = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared only
        self._ports = ports
        self._waiting_for = dict(ports)
        self._logins = logins
        self._started = started
        self._say = say

    def make_when_ready(self) -> None:
        """Ask those that have not answered yet; speak when the last one has."""
        if not self._waiting_for:
            return
        for name, port in list(self._waiting_for.items()):
            if not self._serves(port):
                return
            del self._waiting_for[name]
        self._say(self._text(time.monotonic() - self._started))

    def _serves(self, port: int) -> bool:
        return ask_readiness(
            self._address, port, host_header=own_name(), timeout=PROBE_SECONDS
        ).serves

    def _text(self, seconds: float) -> str:
        customers, agents = (f"http://{self._address}:{port}/" for port in self._ports.values())
        lines = [
            "",
            f"Chatplatform is ready ({seconds:.1f} s)",
            "",
            f"  Customers  {customers:<32} demo shop with the chat widget",
            f"  Agents     {agents:<32} console",
            f"  Admin      {agents + 'admin/':<32} everything behind it",
        ]
        return "\n".join([*lines, *self._logins, "", "Ctrl-C stops everything.", ""])
