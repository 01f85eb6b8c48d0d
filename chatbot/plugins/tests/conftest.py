from collections.abc import Iterator

import pytest

from chatbot.plugins import dispatch, registry


@pytest.fixture(autouse=True)
def no_plugins() -> Iterator[None]:
    """Whatever is installed on this machine, and nothing left for the next test."""
    registry.forget()
    dispatch.forget()
    yield
    dispatch.forget()
    registry.forget()
