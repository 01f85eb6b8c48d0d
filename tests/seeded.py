"""A seeded database for real platforms to begin from, made once for all workers of a run."""

import fcntl
import os
from pathlib import Path

import pytest

from tests.servers import seeded_database


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the demo in it; copy it, do not open it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # what the workers share
    made = folder / "seeded.sqlite3"
    with (folder / "seeding.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            seeded_database(tmp_path_factory.mktemp("seeding")).rename(made)
    return made
