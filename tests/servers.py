"""The real platform for tests: the launcher, its two daphnes, and a Valkey that tests may kill."""

import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import redis

from chatplatform.launcher.readiness import Readiness, ask_readiness
from chatplatform.launcher.valkey import embedded_valkey
from tests.processes import Process, environment, free_port, manage, started, wait_until

SIDES = ("chatbot", "workbench")


class Valkey:
    """A Redis-protocol server on a unix socket; `kill` and `start` as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "broker.sock"
        self._folder = folder
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def pid(self) -> int:
        assert self._process, "not started"
        return self._process.pid

    def start(self) -> None:
        command = embedded_valkey(self.socket, self._folder)
        assert command, "no Redis-protocol server on this machine"
        self._process = Process(
            command, env=environment(self._folder), output=self._folder / "broker.log"
        )
        wait_until(self.answers, what="Valkey to answer")

    def kill(self) -> None:
        if self._process:
            self._process.kill()

    def answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


class Platform:
    """A running `runplatform`: `port["chatbot"]` and `port["workbench"]`, its DATA_DIR `folder`."""

    def __init__(
        self,
        launcher: Process,
        port: dict[str, int],
        broker: Valkey,
        folder: Path,
        at_the_end: ExitStack,
    ) -> None:
        self.launcher, self.port, self.broker, self.folder = launcher, port, broker, folder
        self.at_the_end = at_the_end  # what must be closed with the platform

    def url(self, side: str) -> str:
        return f"http://127.0.0.1:{self.port[side]}"

    def readiness(self, side: str) -> Readiness:
        return ask_readiness("127.0.0.1", self.port[side], host_header="127.0.0.1", timeout=5)

    def serves(self) -> bool:
        return all(self.readiness(side).serves for side in SIDES)

    def pid(self, side: str) -> int | None:
        """The process that serves `side` now, or None while there is none."""
        for child in psutil.Process(self.launcher.pid).children():
            try:
                if child.cmdline()[-1:] == [f"chatplatform.asgi:{side}"]:
                    return int(child.pid)
            except psutil.Error:  # it ended while we looked
                continue
        return None

    def restart(self, side: str, number: signal.Signals = signal.SIGTERM) -> None:
        """End one side's process; return when the one the launcher starts instead serves."""
        old = self.pid(side)
        assert old, f"{side} is not running"
        psutil.Process(old).send_signal(number)
        wait_until(lambda: self.pid(side) not in (None, old), what=f"a new {side} process")
        wait_until(lambda: self.readiness(side).serves, what=f"{side} to serve again")


@contextmanager
def platform(
    database: Path | None = None,
    *,
    broker: bool = True,
    variables: Callable[["Valkey", dict[str, int]], dict[str, str]] = lambda broker, port: {},
) -> Iterator[Platform]:
    """The platform on free ports with a DATA_DIR of its own, seeded.

    `database` is a seeded SQLite file to begin from, which saves the seconds of seeding. The
    broker is a Valkey that the test controls, not the launcher; `broker=False` leaves it down.
    `variables`, told the broker and the ports, says what else the environment holds.
    """
    with ExitStack() as stack:
        # not pytest's folder: a unix socket's path may have 107 bytes only
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chatplatform-")))
        if database:
            shutil.copy(database, folder / "chatplatform.sqlite3")
        valkey = Valkey(folder)
        stack.callback(valkey.kill)
        if broker:
            valkey.start()
        port = {side: free_port() for side in SIDES}
        flags = [f"--{side}-port={number}" for side, number in port.items()]
        launcher = stack.enter_context(
            started(
                manage("runplatform", *flags),
                env=environment(folder, **{"REDIS_URL": valkey.url, **variables(valkey, port)}),
                output=folder / "launcher.log",
            )
        )
        running = Platform(launcher, port, valkey, folder, stack)
        wait_until(
            lambda: "Chatplatform is ready" in launcher.said or not launcher.running,
            seconds=60,
            what="the platform to start",
        )
        assert launcher.running, launcher.said
        yield running


# Else every platform would spend its first twenty seconds on it, and answer otherwise meanwhile.
EMBED = "from chatbot.knowledge.indexing import embed_what_is_new; embed_what_is_new()"


def seeded_database(folder: Path) -> Path:
    """A migrated and seeded SQLite file in `folder`, its articles embedded, to begin from."""
    for command in (["migrate"], ["seed_demo"], ["shell", "-c", EMBED]):
        with started(
            manage(*command, "-v", "0"),
            env=environment(folder, DEBUG="on"),
            output=folder / "seed.log",
        ) as process:
            assert process.wait(120) == 0, process.said
    return folder / "chatplatform.sqlite3"
