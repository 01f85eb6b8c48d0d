"""One thread with an event loop per chatbot process: runs what customers and agents allowed."""

import asyncio

import structlog

from chatbot.tools import services
from chatbot.tools.calling import bell, execution
from chatbot.tools.models import ToolCall
from chatplatform.kernel.ids import worker_name
from realtime.ending import is_ending
from realtime.threads import in_thread

logger = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
AT_ONCE = 8


class Worker:
    """Runs calls until its process ends; what it leaves behind is found by `give_up_lost`."""

    def __init__(self) -> None:
        self.name = worker_name()
        self._running: set[asyncio.Task[None]] = set()

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        while not is_ending():
            bell.woken.clear()
            await self.claim_all()
            await asyncio.to_thread(bell.woken.wait, POLL_SECONDS)
        await self.finish_all()

    async def claim_all(self) -> None:
        """Begin everything that is allowed now, as far as there is room."""
        while len(self._running) < AT_ONCE:
            call = await in_thread(services.claim_call, worker=self.name)
            if call is None:
                break
            task = asyncio.create_task(run_call(call), name=f"tool-call-{call.pk}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def finish_all(self) -> None:
        """Wait for what has begun."""
        await asyncio.gather(*self._running)


async def run_call(call: ToolCall) -> None:
    """Run a claimed call and tell what became of it."""
    try:
        ended = await execution.execute(call)
        await in_thread(services.finish_call, call=call, ended=ended)
    except Exception:  # its lease ends, and then people are told that nobody knows
        logger.exception("tool_call_not_finished", call=call.pk)


def look_after() -> None:
    """End what nobody decided, and what a process died over."""
    services.expire_calls()
    services.give_up_lost()
