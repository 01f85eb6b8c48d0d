import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> None:
    """allauth counts attempts in this process' memory."""
    cache.clear()
