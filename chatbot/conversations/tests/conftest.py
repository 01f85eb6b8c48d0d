from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from channels.layers import channel_layers
from rest_framework.test import APIClient

from chatbot.conversations.services import OpenedSession
from realtime import hub
from realtime.hub import Hub


class Visitor(APIClient):
    """A browser on the shop's page. Answers 500 instead of raising, as a server does."""

    def __init__(self, token: str = "", session_name: str = "") -> None:
        super().__init__(raise_request_exception=False)
        self.token, self.session_name = token, session_name
        if token:
            self.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def path(self, rest: str = "") -> str:
        return f"/api/v1/sessions/{self.session_name}{rest}"

    def send(self, rest: str, body: Any = None) -> Any:
        return self.post(self.path(rest), {} if body is None else body, format="json")

    def raw(self, rest: str, body: bytes, content_type: str = "application/json") -> Any:
        """Send these very bytes."""
        return self.generic("POST", self.path(rest), body, content_type=content_type)  # type: ignore[arg-type]  # bytes are fine

    def read(self, rest: str = "") -> Any:
        return self.get(self.path(rest))


@pytest.fixture
def visitor(ana: OpenedSession) -> Visitor:
    """Ana in her browser, with her session open."""
    return Visitor(ana.token, ana.conversation.name)


@pytest.fixture
def passer_by(db: None) -> Visitor:
    """Somebody without any token."""
    return Visitor()


@pytest_asyncio.fixture
async def home() -> AsyncIterator[Hub]:
    """The hub of this test's loop, with a channel layer that remembers no other."""
    channel_layers.backends.clear()
    running = await hub.current()
    yield running
    await running.stop()
    channel_layers.backends.clear()
