"""Ringing and hearing a channel from the shell, in processes of their own."""

import json
from pathlib import Path

from tests.processes import Process, environment, manage, started, wait_until
from tests.servers import Platform


def shell(running: Platform, folder: Path, *words: str) -> str:
    """What a management command says, run against the running platform."""
    output = folder / f"{words[0]}.log"
    output.unlink(missing_ok=True)
    env = environment(running.folder, REDIS_URL=running.broker.url)
    with started(manage(*words), env=env, output=output) as process:
        process.wait()
        return process.said


def lines(process: Process) -> list[dict[str, object]]:
    return [json.loads(line) for line in process.said.splitlines() if line.startswith("{")]


def test_what_one_shell_publishes_another_hears(running: Platform, short_path: Path) -> None:
    env = environment(running.folder, REDIS_URL=running.broker.url)
    listen = manage("listen", "sse:session:*", "--count", "2", "--seconds", "30")
    first = shell(running, short_path, "publish", "sse:session:shell", "note", '{"n": 0}')
    position = first.splitlines()[-1]
    with started([*listen, "--after", position], env=env, output=short_path / "heard") as ear:
        for n in (1, 2):
            shell(running, short_path, "publish", "sse:session:shell", "note", f'{{"n": {n}}}')
        wait_until(lambda: not ear.running, what="two events")
        heard = lines(ear)
    assert [event["payload"] for event in heard] == [{"n": 1}, {"n": 2}]
    assert list(heard[0]) == ["id", "type", "payload", "timestamp", "source"]
