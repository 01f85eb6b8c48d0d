import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Platform, platform, seeded_database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts real processes."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(180))


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder with a short name: a unix socket's path may have 107 bytes only."""
    with tempfile.TemporaryDirectory(prefix="chatplatform-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database to begin from."""
    return seeded_database(tmp_path_factory.mktemp("seeded"))


@pytest.fixture(scope="module")
def running(seeded: Path) -> Iterator[Platform]:
    """A platform for the tests of one file; whatever they break, they mend."""
    with platform(seeded) as it:
        yield it
