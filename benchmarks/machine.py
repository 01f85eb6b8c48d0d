"""What the machine says: limits, versions, and what processes have used."""

import os
import platform
import resource
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

import psutil

PACKAGES = [
    *("Django", "channels", "channels_redis", "daphne", "Twisted", "redis"),
    *("django-eventstream", "sse-starlette", "starlette", "uvicorn", "uvloop"),
]


def raise_limits() -> int:
    """Allow as many open files as the system lets us; children inherit it. How many that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def processor_seconds(pids: Iterable[int]) -> float:
    """User and system time that these processes have used so far."""
    total = 0.0
    for pid in pids:
        times = psutil.Process(pid).cpu_times()
        total += times.user + times.system
    return total


def memory(pids: Iterable[int]) -> int:
    """Their resident bytes together."""
    return sum(psutil.Process(pid).memory_info().rss for pid in pids)


def description() -> dict[str, object]:
    """What a reader of the figures must know about where they were taken."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
