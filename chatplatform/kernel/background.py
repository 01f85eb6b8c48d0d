"""Short jobs that every serving process runs beside its requests: one daemon thread each."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import close_old_connections, connection, reset_queries

from realtime.ending import is_ending

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """`run` is called every `every` seconds, on `door` only ("chatbot", "workbench") or on both."""

    name: str
    run: Callable[[], object]
    every: float
    door: str | None


_jobs: dict[str, Job] = {}
_started: set[str] = set()
_lock = threading.Lock()


def register(
    name: str, run: Callable[[], object], *, every: float, door: str | None = None
) -> None:
    """Register a job under its name; called from AppConfig.ready."""
    _jobs[name] = Job(name, run, every, door)


def start(door: str) -> None:
    """Start this door's jobs once per process; further calls do nothing."""
    with _lock:
        for job in _jobs.values():
            if job.door in (None, door) and job.name not in _started:
                _started.add(job.name)
                threading.Thread(
                    target=_loop, args=(job,), name=f"job:{job.name}", daemon=True
                ).start()


def _loop(job: Job) -> None:
    pause = threading.Event()
    well = True
    while not is_ending():
        well = _run_guarded(job, was_well=well)
        pause.wait(job.every)


def _run_guarded(job: Job, *, was_well: bool) -> bool:
    try:
        close_old_connections()
        reset_queries()  # DEBUG keeps them all
        job.run()
    except Exception:
        # a database that is down for an hour is one line, not 3,600
        if was_well and not is_ending():
            logger.exception("background_job_failed", job=job.name)
        connection.close()
        return False
    if not was_well:
        logger.info("background_job_recovered", job=job.name)
    return True
