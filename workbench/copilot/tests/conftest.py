"""A desk with a copilot; what it tells its agents is heard."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from realtime import doorbell
from realtime.frames import Frame
from tests.processes import wait_until
from workbench.desk.tests.conftest import at_bens, at_sams, opened, served, waiting

__all__ = ["at_bens", "at_sams", "opened", "served", "waiting"]


class Ear:
    """Hears what is published in this process: `frames` are (type, channels, payload)."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, tuple[str, ...], dict[str, Any]]] = []

    def hear(self, frame: Frame) -> None:
        payload = json.loads(frame.data)["payload"]
        self.frames.append((frame.type, frame.channels, payload))

    def of(self, type: str) -> list[dict[str, Any]]:
        return [payload for kind, _, payload in self.frames if kind == type]

    def answer(self, request: str) -> dict[str, Any]:
        """The whole draft of a request, once it is there."""

        def come() -> list[dict[str, Any]]:
            return [p for p in self.of("copilot_answer") if p["request"] == request]

        wait_until(come, what="the copilot's answer")
        return come()[0]


@pytest.fixture
def ear() -> Iterator[Ear]:
    found = Ear()
    doorbell.listen(found.hear)
    yield found
    doorbell.unlisten(found.hear)
