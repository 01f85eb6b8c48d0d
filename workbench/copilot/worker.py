"""One thread with an event loop per workbench process: waits for models, for many drafts at once.

No request waits for it: what it makes reaches the agent's tabs as events.
"""

import asyncio
import math
import threading
import time
from concurrent.futures import Future

import structlog
from django.utils import translation

from chatplatform.kernel.errors import ApplicationError
from workbench.copilot import announcements, metrics
from workbench.copilot.errors import CopilotBusy, CopilotTooSlow, ModelFailed
from workbench.copilot.tasks import Job
from workbench.copilot.writing import in_thread, longest_writing, write

logger = structlog.get_logger(__name__)

AT_ONCE = 16  # jobs of a process
EACH = 4  # of them, of one agent
BEFORE_AND_AFTER = 5.0  # seconds besides the model's: to search, and to fall back
PAUSE = 0.1  # seconds between two pieces: an agent reads no faster, and each costs every tab


def patience() -> int:
    """Seconds after which an answer that has not come will not come."""
    return math.ceil(longest_writing() + 2 * BEFORE_AND_AFTER)


class Worker:
    """Does jobs until the process ends. Its thread begins with the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: dict[str, tuple[Job, Future[None]]] = {}

    def start(self, job: Job) -> None:
        """Begin a job; CopilotBusy if too many are under way, the agent's own or all together."""
        with self._lock:
            own = sum(other.agent == job.agent for other, _ in self._running.values())
            if own >= EACH or len(self._running) >= AT_ONCE:
                raise CopilotBusy(retry_after=5)
            work = asyncio.run_coroutine_threadsafe(_work(job), self._started())
            self._running[job.id] = (job, work)
        work.add_done_callback(lambda _: self._forget(job.id))

    def stop(self, id: str, *, agent: int) -> bool:
        """End an agent's job in mid-sentence; False if this process does none of that name."""
        with self._lock:
            job, work = self._running.get(id, (None, None))
        return bool(job and work and job.agent == agent and work.cancel())

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="copilot", daemon=True).start()
        return self._loop

    def _forget(self, id: str) -> None:
        with self._lock:
            self._running.pop(id, None)


worker = Worker()


async def _work(job: Job) -> None:
    began, outcome = time.monotonic(), "stopped"
    try:
        outcome = await _draft(job)
    except Exception:  # the answer itself could not be told; the console gives up by itself
        logger.exception("copilot_answer_not_told", task=job.task.value)
        outcome = "not_told"
    finally:
        metrics.count(job.task.value, outcome, time.monotonic() - began)


async def _draft(job: Job) -> str:
    """Write and tell; the draft's origin or the error's code."""
    try:
        async with asyncio.timeout(longest_writing() + BEFORE_AND_AFTER):
            draft = await write(job, Showing(job).show)
    except TimeoutError:
        return await _failed(job, CopilotTooSlow())
    except ApplicationError as error:
        return await _failed(job, error)
    except Exception:
        logger.exception("copilot_failed", task=job.task.value)
        return await _failed(job, ModelFailed())
    await in_thread(announcements.announce_draft, job, draft)
    return draft.origin.value


async def _failed(job: Job, error: ApplicationError) -> str:
    with translation.override(job.reader):
        detail = str(error.detail)
    await in_thread(announcements.announce_failure, job, code=error.code, detail=detail)
    return error.code


class Showing:
    """Tells the agent what is new of a growing text, a few times a second."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._shown = ""
        self._last = 0.0

    async def show(self, text: str) -> None:
        """The whole text so far; one that does not go on from what was shown begins anew."""
        now = time.monotonic()
        if text == self._shown or now - self._last < PAUSE:
            return
        position = len(self._shown) if text.startswith(self._shown) else 0
        self._last, self._shown = now, text
        tell = announcements.announce_delta
        await in_thread(tell, self._job, position=position, text=text[position:])
