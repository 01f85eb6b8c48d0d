"""The process that committed is gone before it could tell anybody."""

import sys
from pathlib import Path

from tests.faults.conftest import FaultOnTrial
from tests.faults.stage import Stage
from tests.processes import started

EVENTS = 20


def test_an_event_is_heard_though_its_process_died_before_ringing(
    stage: Stage, put_on_trial: FaultOnTrial, tmp_path: Path
) -> None:
    with put_on_trial(stage, "killed between commit and doorbell") as it:
        it.cast()
        it.begin()
        it.phase("unrung", worst=1.0, usual=0.3)  # the tailer looks every 0.25 s
        names = [f"sse:session:{each.session}" for each in it.customers] + ["sse:broadcast"]
        command = [sys.executable, "-m", "tests.faults.unrung", str(EVENTS), *names]
        env = {**stage.environment(), "DJANGO_SETTINGS_MODULE": "chatplatform.settings"}
        with started(command, env=env, output=tmp_path / "unrung.log") as process:
            assert process.wait(60) == 0, process.said
            assert process.said.split() == ["9"] * EVENTS
