"""What probes ask: is the process up, can it serve, and how is the wire?"""

import time
from typing import Any, Literal

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from realtime import status

State = Literal["ready", "degraded", "unavailable"]
Check = dict[str, Any]

PROBED = frozenset({"/healthz", "/readyz", "/metrics"})
WORRYING_LAG = 1000  # events; a busy second is a few hundred

_migrated = False  # once true it stays so: new migrations come with a new process


def is_probe(request: HttpRequest) -> bool:
    """Whether a machine asks how we are, every few seconds."""
    return request.path_info in PROBED


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is up. Touches nothing, so a broken database restarts no process."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this process can serve: 503 if not, 200 if it is ready or merely degraded."""
    wire = status.snapshot()
    checks = {
        "database": _database(),
        "channel_layer": {"state": wire.layer, "since": wire.layer_since},
        "event_log": {"lag": wire.lag},
    }
    state = _state(checks)
    body = {
        "status": state,
        "checks": checks,
        "channel_layer": checks["channel_layer"],
        "connections": wire.connections,
    }
    return JsonResponse(body, status=503 if state == "unavailable" else 200)


def _state(checks: dict[str, Check]) -> State:
    if checks["database"]["state"] != "ok":
        return "unavailable"
    if checks["channel_layer"]["state"] == "memory" or checks["event_log"]["lag"] > WORRYING_LAG:
        return "degraded"
    return "ready"


def _database() -> Check:
    started = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        return {"state": "ok" if _is_migrated() else "migrations_pending", "ms": milliseconds}
    except (DatabaseError, InterfaceError) as error:
        connection.close()  # so that the next question is asked on a fresh connection
        return {"state": "unreachable", "error": type(error).__name__}


def _is_migrated() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
