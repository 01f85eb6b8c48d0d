"""The one door from the event loop to blocking work: a small pool with database connections of its own.

Channels' database_sync_to_async shares one thread per process; one slow call there delays them all.
"""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")

# Four at a time: a thousand reconnects queue here instead of storming the database.
_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="realtime")


async def in_thread(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run blocking, ORM-using `fn` off the event loop; the caller's context variables go along."""
    call = functools.partial(copy_context().run, _with_fresh_connections, fn, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_pool, call)


def _with_fresh_connections(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        return fn(*args, **kwargs)
    finally:
        close_old_connections()
