from typing import Any

import pytest
from rest_framework.test import APIClient

from chatbot.conversations.services import OpenedSession


class Visitor(APIClient):
    """A browser on the shop's page. Answers 500 instead of raising, as a server does."""

    def __init__(self, token: str = "", session: str = "") -> None:
        super().__init__(raise_request_exception=False)
        self.token, self.session = token, session
        if token:
            self.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def path(self, rest: str = "") -> str:
        return f"/api/v1/sessions/{self.session}{rest}"

    def send(self, rest: str, body: Any = None) -> Any:
        return self.post(self.path(rest), {} if body is None else body, format="json")

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
