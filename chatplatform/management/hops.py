"""Every hop between a customer's words and an agent's screen, and how to mend each."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import redis
from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from chatplatform.launcher.readiness import ask_readiness, own_name
from chatplatform.management.live_probe import probe


class Broken(Exception):
    """This hop does not work: what was seen, and how to mend it."""

    def __init__(self, seen: str, mend: str) -> None:
        self.seen, self.mend = seen, mend
        super().__init__(seen)


@dataclass(frozen=True)
class Finding:
    """One hop: `seen` is what was found, `mend` what to do if it is broken."""

    hop: str
    ok: bool
    seen: str
    mend: str
    milliseconds: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def findings(host: str, *, tenant: str | None) -> Iterator[Finding]:
    """Try every hop in order; a broken one does not keep the others from being tried."""
    hops: dict[str, Callable[[], str]] = {
        "settings": check_settings,
        "database": check_database,
        "redis": check_redis,
        "chatbot": lambda: check_service("chatbot", host, settings.CHATBOT_PORT),
        "workbench": lambda: check_service("workbench", host, settings.WORKBENCH_PORT),
        "live path": lambda: check_live_path(host, tenant),
    }
    for name, check in hops.items():
        yield _tried(name, check)


def check_settings() -> str:
    """Django's own system checks and ours."""
    faults = [fault for fault in checks.run_checks() if fault.level >= checks.WARNING]
    if faults:
        raise Broken(
            "; ".join(f"{fault.id}: {fault.msg}" for fault in faults),
            "; ".join(str(fault.hint) for fault in faults if fault.hint) or "see the message",
        )
    return "all checks pass"


def check_database() -> str:
    """It answers, and has every table."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise Broken(
            f"{DEFAULT_DB_ALIAS}: {_line(error)}", "start the database, or correct DATABASE_URL"
        ) from None
    if missing:
        raise Broken(f"{len(missing)} migrations are missing", "run: python manage.py migrate")
    return f"{connection.vendor}, every migration applied"


def check_redis() -> str:
    """A message published is a message heard."""
    try:
        with redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            _round_trip(client)
    except (redis.RedisError, OSError) as error:
        raise Broken(
            _line(error),
            "start Redis, or correct REDIS_URL (unset: runplatform starts one). Meanwhile events "
            "still arrive, found in the database",
        ) from None
    return settings.REDIS_URL.rpartition("@")[2]  # without a password


def _round_trip(client: "redis.Redis") -> None:
    channel = f"doctor.{time.monotonic_ns()}"
    with client.pubsub() as listener:  # type: ignore[no-untyped-call]
        listener.subscribe(channel)
        listener.get_message(timeout=2)  # the confirmation
        client.publish(channel, "?")
        if listener.get_message(timeout=2) is None:
            raise redis.TimeoutError("published, but not heard within 2 s")


def check_service(side: str, host: str, port: int) -> str:
    """It says of itself that it can serve, and how well it is."""
    readiness = ask_readiness(host, port, host_header=own_name(), timeout=5)
    said = _summary(readiness.report)
    if readiness.status == 0:
        raise Broken(
            f"nothing answers on {host}:{port}",
            f"start it: python manage.py runplatform, or daphne -p {port} chatplatform.asgi:{side}",
        )
    if not readiness.serves:
        raise Broken(f"{readiness.status}: {said}", "mend what it names; its log tells more")
    return said


def check_live_path(host: str, tenant: str | None) -> str:
    """Published here, heard on an agent's stream of the running workbench."""
    heard = probe(host, settings.WORKBENCH_PORT, tenant=tenant)
    if heard.problem:
        raise Broken(heard.problem, heard.mend)
    return f"heard after {heard.milliseconds:.0f} ms, clocks {heard.clock_ms:.0f} ms apart"


def _tried(name: str, check: Callable[[], str]) -> Finding:
    started = time.monotonic()
    try:
        ok, seen, mend = True, check(), ""
    except Broken as broken:
        ok, seen, mend = False, broken.seen, broken.mend
    except Exception as error:  # a doctor that falls ill helps nobody
        ok, seen, mend = False, f"{type(error).__name__}: {_line(error)}", "this is unexpected"
    return Finding(name, ok, seen, mend, round((time.monotonic() - started) * 1000, 1))


def _summary(report: dict[str, Any]) -> str:
    """A readiness report in a few words: each check with the first thing it says."""
    checks_made: dict[str, dict[str, Any]] = report.get("checks", {})
    words = [
        f"{name.replace('_', ' ')} {next(iter(c.values()))}" for name, c in checks_made.items()
    ]
    return ", ".join(words) or "no report"


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
