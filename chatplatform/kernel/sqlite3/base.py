"""Django's SQLite, whose writers within a process queue for the file's one lock.

SQLite's own waiting is sleeping and trying again, up to 100 ms at a time, whoever came first
(`sqliteDefaultBusyCallback` in its main.c): the lock lies idle while its waiters sleep, and who
comes late may be first. Here the next one has it as soon as it is free. Between processes SQLite's
own lock decides, as ever; but of each only one asks for it, every millisecond, so that a process
that writes without a pause leaves the other its share.
"""

import time
from threading import Lock
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_turns: "dict[str, Lock]" = {}  # by file
_PAUSE = 0.001  # seconds between two looks whether another process is done


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that takes its turn when a transaction begins, and passes it on at its end."""

    _turn: "Lock | None" = None

    def set_autocommit(self, autocommit: bool, *begin: Any, **how: Any) -> None:
        """Also: wait for this process' other writers before a transaction begins.

        Raises OperationalError if that takes longer than the database's `timeout`, in seconds.
        """
        if not (autocommit or self._turn or self.is_in_memory_db()):
            self._take_turn()
        try:
            super().set_autocommit(autocommit, *begin, **how)
        except BaseException:
            self._pass_turn()
            raise

    def _start_transaction_under_autocommit(self) -> None:
        ends = time.monotonic() + self._timeout
        self._let_sqlite_wait(0)
        try:
            while not self._begins(is_last_try=time.monotonic() > ends):
                time.sleep(_PAUSE)
        finally:
            self._let_sqlite_wait(self._timeout)

    def _begins(self, *, is_last_try: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # has no stub
        except OperationalError as error:
            if is_last_try or "locked" not in str(error):
                raise
            return False
        return True

    def _let_sqlite_wait(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def commit(self) -> None:
        """Also: the next one's turn; if it fails, a rollback follows."""
        super().commit()
        self._pass_turn()

    def rollback(self) -> None:
        """Also: the next one's turn."""
        try:
            super().rollback()
        finally:
            self._pass_turn()

    def close(self) -> None:
        """Also: the next one's turn, if this is the middle of a transaction."""
        try:
            super().close()
        finally:
            self._pass_turn()

    @property
    def _timeout(self) -> float:
        seconds: float = self.settings_dict["OPTIONS"].get("timeout", 5)
        return seconds

    def _take_turn(self) -> None:
        turn = _turns.setdefault(str(self.settings_dict["NAME"]), Lock())
        if not turn.acquire(timeout=self._timeout):
            raise OperationalError("database is locked")
        self._turn = turn

    def _pass_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn:
            turn.release()
