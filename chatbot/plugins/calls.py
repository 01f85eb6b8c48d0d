"""One call of a plugin's function, in a thread that can be left behind."""

import asyncio
import inspect
import threading
from collections.abc import Callable

from django.db import close_old_connections

from chatbot.plugins.payloads import Payload
from chatbot.plugins.registry import Hook


class Abandoned(Exception):
    """It took longer than its time."""


def call(hook: Hook, payload: Payload, *, seconds: float, name: str) -> None:
    """Call it, sync or async, and wait for `seconds` at most: Abandoned, or whatever it raises.

    A function can't be stopped from outside: an abandoned one runs on in its own daemon thread,
    and what it still does concerns nobody. A coroutine is cancelled.
    """
    outcome: list[BaseException | None] = []
    done = threading.Event()

    def run() -> None:
        try:
            _run(hook, payload, seconds)
            outcome.append(None)
        except BaseException as error:  # SystemExit too: it must not end our thread unheard
            outcome.append(error)
        finally:
            close_old_connections()
            done.set()

    threading.Thread(target=run, name=f"plugin:{name}", daemon=True).start()
    if not done.wait(seconds):
        raise Abandoned(f"no end after {seconds:g} s")
    if error := outcome[0]:
        raise _told(error)


def _run(hook: Callable[[Payload], object], payload: Payload, seconds: float) -> None:
    result = hook(payload)
    if inspect.isawaitable(result):
        asyncio.run(_awaited(result, seconds))


async def _awaited(result: object, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        await result  # type: ignore[misc]  # inspect.isawaitable does not narrow


def _told(error: BaseException) -> Exception:
    if isinstance(error, TimeoutError):
        return Abandoned(str(error) or "took too long")
    return error if isinstance(error, Exception) else RuntimeError(repr(error))
