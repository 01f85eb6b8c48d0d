"""What jobs beside the requests say when they fail."""

import threading
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from chatplatform.kernel import background
from chatplatform.kernel.background import Job
from realtime import ending

pytestmark = pytest.mark.django_db(transaction=True)  # a job that fails drops its connection


def fails() -> None:
    raise RuntimeError("cannot schedule new futures after shutdown")


def job(run: Callable[[], object] = fails) -> Job:
    return Job("tools", run, every=1.0, door=None)


def told(*was_well: bool) -> list[str]:
    with capture_logs() as logs:
        for well in was_well:
            assert not background._run_guarded(job(), was_well=well)
    return [line["event"] for line in logs]


def test_a_failure_is_told_once_and_its_end_too() -> None:
    assert told(True, False, False) == ["background_job_failed"]
    with capture_logs() as logs:
        assert background._run_guarded(job(lambda: None), was_well=False)
    assert [line["event"] for line in logs] == ["background_job_recovered"]


def test_what_fails_because_the_process_ends_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_begun", threading.Event())
    assert told(True) == ["background_job_failed"]
    ending.begin()
    assert told(True) == []
