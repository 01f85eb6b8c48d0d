"""What happens to the log itself: work taken back, events trimmed, an old copy restored."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.faults.conftest import FaultOnTrial
from tests.faults.oracle import caught_up
from tests.faults.stage import Stage
from tests.faults.trial import Trial
from tests.processes import manage, started, wait_until
from tests.servers import SIDES


def test_what_was_rolled_back_leaves_no_hole_and_is_never_heard(
    stage: Stage, put_on_trial: FaultOnTrial
) -> None:
    with put_on_trial(stage, "rollbacks and savepoints, every other time") as it:
        it.cast()
        publishers = [it.writes(rate=40, rollbacks=0.5) for _ in range(2)]
        it.talk()
        it.begin()
        it.goes_on(3)
        it.falls_silent()
        offsets = [row.offset for row in it.committed()]
        assert offsets == list(range(offsets[0], offsets[0] + len(offsets)))
        outcomes = [line["offset"] for each in publishers for line in each.lines()]
        assert None in outcomes, "nothing was taken back"


def test_a_client_whose_events_were_trimmed_is_told_to_start_over(
    stage: Stage, put_on_trial: FaultOnTrial
) -> None:
    with put_on_trial(stage, "retention passed an offline client") as it:
        it.resets_expected = True
        it.usual_traffic()
        away = it.readers("chatbot")[:3] + it.readers("workbench")[:2]
        it.audience.dismiss(*away)
        it.goes_on(1)
        it.falls_silent()
        present = set(it.audience.readers) - set(away)
        said = it.committed()
        wait_until(lambda: all(caught_up(each, said) for each in present), what="the present")
        it.remember()
        manage_command(stage, "trim_event_log", "--days", "0", "--log", "demo")
        it.audience.admit(*away)
        wait_until(lambda: all(reader.resets for reader in away), what="a reset for each")
        assert it.resets() == len(away), "somebody was reset who was not away"
        it.writes().wait_until_ready()
        it.goes_on(1)


@pytest.mark.faults
def test_a_database_restored_under_running_servers_is_noticed(
    stage: Stage, put_on_trial: FaultOnTrial, tmp_path: Path
) -> None:
    with put_on_trial(stage, "old database restored while all runs") as it:
        it.resets_expected = True
        it.cast()
        more_is_written(it)
        copy_database(database_of(stage), tmp_path / "backup")
        more_is_written(it)
        it.settle().must_be_clean(resets=it.resets())
        copy_database(tmp_path / "backup", database_of(stage))
        wait_until(lambda: all(each.resets for each in it.audience.readers), what="the resets")
        more_is_written(it)


@pytest.mark.faults
def test_a_client_that_slept_through_a_restore_is_told_to_start_over(
    stage: Stage, put_on_trial: FaultOnTrial, tmp_path: Path
) -> None:
    """The log has grown past its position meanwhile: only the epoch can tell it."""
    with put_on_trial(stage, "old database restored, a client comes later") as it:
        it.resets_expected = True
        it.cast()
        more_is_written(it)
        copy_database(database_of(stage), tmp_path / "backup")
        more_is_written(it)
        it.settle().must_be_clean(resets=it.resets())
        sleeper = it.readers("workbench")[0]
        it.audience.dismiss(sleeper)
        with stopped(stage):
            copy_database(tmp_path / "backup", database_of(stage))
            manage_command(stage, "renew_event_log")
        more_is_written(it)
        more_is_written(it)
        assert sleeper.place
        assert stage.ledger.head()[1] > sleeper.place.offset
        it.audience.admit(sleeper)
        wait_until(lambda: all(each.resets for each in it.audience.readers), what="the resets")


def more_is_written(it: Trial) -> None:
    it.writes(rate=100).wait_until_ready()
    it.begin()
    it.goes_on(2)
    it.falls_silent()


def database_of(stage: Stage) -> Path:
    return stage.platform.folder / "chatplatform.sqlite3"


def copy_database(source: Path, target: Path) -> None:
    """As the how-to says: SQLite's own backup, which waits for those who write."""
    with (
        closing(sqlite3.connect(source, timeout=20)) as old,
        closing(sqlite3.connect(target, timeout=20)) as new,
    ):
        old.backup(new)


@contextmanager
def stopped(stage: Stage) -> Iterator[None]:
    """Neither side runs; both do again afterwards."""
    launcher = psutil.Process(stage.platform.launcher.pid)
    launcher.suspend()
    try:
        for side in SIDES:
            process = psutil.Process(stage.platform.pid(side))
            process.terminate()
            wait_until(lambda process=process: ended(process), what=f"{side} to end")
        yield
    finally:
        launcher.resume()
    wait_until(stage.platform.serves, what="both sides to serve")


def ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def manage_command(stage: Stage, *words: str) -> None:
    output = stage.platform.folder / "command.log"
    with started(manage(*words), env=stage.environment(), output=output) as process:
        assert process.wait() == 0, process.said
