from typing import ClassVar

from realtime.events import Event


class ImportProgress(Event):
    """How far an import is, for who started it; not kept, delivered at most once.

    `state` is queued, running, done, failed or cancelled. The API has the same to fetch.
    """

    type: ClassVar[str] = "import_progress"
    durable: ClassVar[bool] = False

    id: int
    state: str
    total: int
    done: int
    created: int
    updated: int
    skipped: int
    failed: int
