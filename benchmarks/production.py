"""The platform as it runs for people: DEBUG keeps every query for a debugger, and costs."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import environment
from tests.servers import Platform, platform, seeded_database

VARIABLES = {"DEBUG": "off", "SECRET_KEY": secrets.token_urlsafe(50)}


@contextmanager
def production() -> Iterator[Platform]:
    """Both sides on free ports, with the demo's people and knowledge."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        database = seeded_database(Path(folder))
        with platform(database, variables=lambda broker, port: VARIABLES) as running:
            yield running


def beside(running: Platform) -> dict[str, str]:
    """The environment of another process on the same database and Redis."""
    return environment(
        running.folder,
        REDIS_URL=running.broker.url,
        DJANGO_SETTINGS_MODULE="chatplatform.settings",
        **VARIABLES,
    )
