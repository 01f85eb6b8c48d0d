"""The one door from the event loop to blocking work: small pools with connections of their own.

Channels' database_sync_to_async shares one thread per process; one slow call there delays them all.
"""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, reset_queries

P = ParamSpec("P")
R = TypeVar("R")


class Threads:
    """A pool of `size` threads for blocking, ORM-using calls."""

    def __init__(self, size: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=size, thread_name_prefix=name)

    async def run(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `fn` off the event loop; the caller's context variables go along."""
        context = copy_context()
        work = functools.partial(fn, *args, **kwargs)
        call = functools.partial(context.run, _with_fresh_connections, work)
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)


def _with_fresh_connections(work: Callable[[], R]) -> R:
    close_old_connections()
    reset_queries()  # with DEBUG on every query is kept, and no request's beginning clears them
    try:
        return work()
    finally:
        close_old_connections()


# Four at a time: a thousand reconnects queue here instead of storming the database.
in_thread = Threads(4, "realtime").run
