"""What was committed, read from the tables as they are: the oracle trusts no code of ours."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

EVENTS = """
    select l.epoch, e."offset", e.channels, e.data
      from realtime_event e join realtime_log l on l.id = e.log_id
     where l.name = 'demo' order by e."offset"
"""
HEAD = """select epoch, "offset", floor from realtime_log where name = 'demo'"""


@dataclass(frozen=True)
class Committed:
    """One row of the log; `channels` are the names it was published to."""

    epoch: str
    offset: int
    channels: frozenset[str]
    data: str

    def reaches(self, listening: frozenset[str]) -> bool:
        families = {":".join(name.split(":", 2)[:2]) + ":*" for name in self.channels}
        return bool(listening & (self.channels | families))


class Ledger:
    """The demo tenant's log in a SQLite file or behind a PostgreSQL address."""

    def __init__(self, database: Path | str) -> None:
        self._database = database

    def events(self, *, after: int = 0) -> list[Committed]:
        return [
            Committed(epoch, offset, frozenset(_loaded(channels)), data)
            for epoch, offset, channels, data in self.ask(EVENTS)
            if offset > after
        ]

    def head(self) -> tuple[str, int, int]:
        """Epoch, offset and floor; of nothing, before the first event."""
        rows = self.ask(HEAD)
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else ("", 0, 0)

    def ask(self, query: str) -> Sequence[Sequence[Any]]:
        if isinstance(self._database, Path):
            with closing(sqlite3.connect(self._database, timeout=20)) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self._database, autocommit=True) as connection:
            return connection.execute(query).fetchall()


def _loaded(channels: Any) -> list[str]:
    names: list[str] = json.loads(channels) if isinstance(channels, str) else channels
    return names
