"""Where faults happen: the real platform, with a proxy before each thing that may fail."""

import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis

from tests.faults.ledger import Ledger
from tests.faults.postgres import Postgres
from tests.faults.proxy import Proxy
from tests.people import Agent
from tests.processes import environment, manage, started, wait_until
from tests.servers import SIDES, Platform, Valkey, platform

# Threads of pools, and their database connections, come when they are first needed: 4 for requests,
# 4 for streams, the tailer's. Background workers (imports, tool calls, evaluations) are there
# from the start, but connect at their first beat. A connection to SQLite is two open files.
THREADS_OF_POOLS, WORKERS = 10, 5
FILES_OF_POOLS = 2 * (THREADS_OF_POOLS + WORKERS)


@dataclass(frozen=True)
class Footprint:
    """What the process of one side holds: `clients` are TCP connections to its port, `files` what
    else it has open; `connections`, `listeners` and `tasks` are its own counts."""

    clients: int
    files: int
    threads: int
    connections: int
    listeners: int
    tasks: int

    def within(self, cold: "Footprint") -> bool:
        """Whether nothing is left that was not there at first, but what pools may keep."""
        return (
            self.clients <= cold.clients
            and self.files <= cold.files + FILES_OF_POOLS
            and self.threads <= cold.threads + THREADS_OF_POOLS
            and self.connections == self.listeners == 0
            and self.tasks <= cold.tasks
        )


class Stage:
    """`line` leads to Redis, `front[side]` to each process; both forward until told otherwise."""

    def __init__(
        self, running: Platform, line: Proxy, front: dict[str, Proxy], variables: dict[str, str]
    ) -> None:
        self.platform, self.line, self.front = running, line, front
        self.broker: Valkey = running.broker
        self.variables = variables
        database = variables.get("DATABASE_URL") or running.folder / "chatplatform.sqlite3"
        self.ledger = Ledger(database)
        self.postgres: Postgres | None = None
        self._let_nobody_time_out()
        self.agent = Agent(running)
        self.cold = {side: self.footprint(side) for side in SIDES}
        self._agent_pk = self.ledger.ask("select id from accounts_user where username='agent1'")
        self.count = 0

    @property
    def agents_channels(self) -> frozenset[str]:
        return frozenset({"sse:session:*", "sse:broadcast", self.agents_own_channel})

    @property
    def agents_own_channel(self) -> str:
        return f"sse:agent:{self._agent_pk[0][0]}"

    def environment(self) -> dict[str, str]:
        """For processes that join the platform: they see its database and its broker."""
        shared = {"DATABASE_URL", "REDIS_URL"} & self.variables.keys()
        return environment(self.platform.folder, **{name: self.variables[name] for name in shared})

    def _let_nobody_time_out(self) -> None:
        """Timers of an earlier trial's conversations would speak in a later one."""
        code = (
            "from chatplatform.tenants.models import Tenant;"
            "Tenant.objects.update(wait_timeout=86400, idle_timeout=86400)"
        )
        line = manage("shell", "-v", "0", "-c", code)
        output = self.platform.folder / "shell.log"
        with started(line, env=self.environment(), output=output) as shell:
            assert shell.wait(60) == 0, shell.said

    def redis(self) -> redis.Redis:
        """A client of the broker itself, past the proxy."""
        return redis.Redis(unix_socket_path=str(self.broker.socket), socket_timeout=5)

    def layers(self) -> set[str]:
        """What the sides say carries the doorbells."""
        return {
            self.platform.readiness(side).report.get("channel_layer", {}).get("state", "")
            for side in SIDES
        }

    def wait_for_layer(self, state: str, *, seconds: float = 20) -> None:
        wait_until(lambda: self.layers() == {state}, seconds=seconds, what=f"/readyz: {state}")

    def footprint(self, side: str) -> Footprint:
        pid = self.platform.pid(side)
        assert pid, f"{side} is not running"
        counts = [int(self.metric(side, name)) for name in ("connections", "listeners", "tasks")]
        process, port = psutil.Process(pid), self.platform.port[side]
        open_on_port = [
            each
            for each in process.net_connections("tcp")
            if each.laddr.port == port and each.status != psutil.CONN_LISTEN
        ]
        clients = len(open_on_port)
        return Footprint(clients, process.num_fds() - clients, process.num_threads(), *counts)

    def metric(self, side: str, name: str) -> float:
        """The sum of `realtime_{name}` of one side."""
        with urllib.request.urlopen(f"{self.platform.url(side)}/metrics") as answer:  # noqa: S310 - loopback
            rows = answer.read().decode().splitlines()
        wanted = (f"realtime_{name}{{", f"realtime_{name} ")
        return sum(float(row.rpartition(" ")[2]) for row in rows if row.startswith(wanted))


@contextmanager
def stage(
    database: Path | None = None, *, postgres: Postgres | None = None, **variables: str
) -> Iterator[Stage]:
    """A platform on SQLite (from the seeded `database`) or on `postgres`."""
    with ExitStack() as stack:
        lines: list[Proxy] = []
        everything: dict[str, str] = dict(variables)

        def all_variables(broker: Valkey, port: dict[str, int]) -> dict[str, str]:
            line = Proxy(broker.socket)
            lines.append(line)
            stack.callback(line.close)
            everything["REDIS_URL"] = f"redis://127.0.0.1:{line.port}"
            if postgres:
                everything["DATABASE_URL"] = postgres.url
            return everything

        running = stack.enter_context(platform(database, variables=all_variables))
        front = {side: Proxy(running.port[side]) for side in SIDES}
        for proxy in front.values():
            stack.callback(proxy.close)
        it = Stage(running, lines[0], front, everything)
        it.postgres = postgres
        it.wait_for_layer("redis")
        yield it
