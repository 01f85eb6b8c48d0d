import json
from pathlib import Path

from tests.processes import environment, manage, started
from tests.servers import Platform


def visit(running: Platform, folder: Path, *flags: str) -> tuple[int, str]:
    """`manage.py doctor` beside a running platform: its status and what it said."""
    env = environment(
        running.broker.socket.parent,
        REDIS_URL=running.broker.url,
        CHATBOT_PORT=str(running.port["chatbot"]),
        WORKBENCH_PORT=str(running.port["workbench"]),
    )
    with started(manage("doctor", *flags), env=env, output=folder / "doctor") as process:
        return process.wait(60), process.said


def test_a_healthy_platform_passes_every_hop(running: Platform, tmp_path: Path) -> None:
    status, said = visit(running, tmp_path, "--json")
    assert status == 0, said
    report = json.loads(said[said.index("{") :])
    hops = ["settings", "database", "redis", "chatbot", "workbench", "live path"]
    assert [hop["hop"] for hop in report["hops"]] == hops
    assert "heard after" in report["hops"][-1]["seen"]


def test_a_dead_redis_is_named_and_the_rest_still_lives(running: Platform, tmp_path: Path) -> None:
    running.broker.kill()
    try:
        status, said = visit(running, tmp_path)
    finally:
        running.broker.start()
    assert status == 1
    lines = [line for line in said.splitlines() if line.startswith(("✓", "✗"))]
    assert [line.split()[1] for line in lines if line.startswith("✗")] == ["redis"], said
    assert "start Redis" in said


def test_without_services_it_says_how_to_start_them(tmp_path: Path) -> None:
    env = environment(tmp_path, CHATBOT_PORT="1", WORKBENCH_PORT="2")
    with started(manage("doctor"), env=env, output=tmp_path / "doctor") as process:
        assert process.wait(60) == 1
        assert "manage.py migrate" in process.said
        assert "nothing answers on 127.0.0.1:1" in process.said
