from collections.abc import Iterator

import pytest

from chatbot.assistant.providers import breaker
from tests.model_server import ModelServer, model_server


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def other_server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture(autouse=True)
def closed_breakers() -> Iterator[None]:
    breaker.forget()
    yield
    breaker.forget()
