"""One thread with an event loop per chatbot process: claims runs and answers them, many at once."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial

import structlog

from chatbot.assistant import announcements, bell, leases, services
from chatbot.assistant.answerer import Answer, Answerer, Outcome, Question, Trigger
from chatbot.assistant.choice import choose
from chatbot.assistant.drafts import Draft, Overtaken
from chatbot.assistant.embedded.answerer import found_for, given
from chatbot.assistant.models import Run
from chatbot.assistant.providers.clients import close_clients
from chatbot.assistant.runtime_settings import AssistantSettings
from chatbot.assistant.threads import in_thread
from chatbot.moderation.screening import TextBlocked
from chatplatform.configuration.selectors import current
from chatplatform.kernel.ids import worker_name
from chatplatform.tenants.quotas import QuotaExhausted
from realtime.ending import is_ending

logger = structlog.get_logger(__name__)

# How soon a run is found that this process was not woken for: an orphan's, another process'.
POLL_SECONDS = 1.0
AT_ONCE = 64  # they wait for models, not for the processor
RENEW_SECONDS = leases.LEASE.total_seconds() / 3


# The embedded answer that stands in for one that failed or took too long takes no longer itself.
STAND_IN_SECONDS = 5.0


class TooSlow(Exception):
    """The answer took longer than a customer should wait."""


class Runner:
    """Answers runs until stopped. Nothing that goes wrong in one run ends it or delays another."""

    def __init__(self, choose: Callable[[Question], Answer | Answerer] = choose) -> None:
        self.worker = worker_name()
        self._choose = choose
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._serving: set[asyncio.Task[None]] = set()
        self._someone_waits = False  # a hint: runs nobody told us of are found by the poll
        self._well = True

    def run(self) -> None:
        """Serve in this thread until `stop`."""
        asyncio.run(self._run())

    def stop(self) -> None:
        """End `run` soon; whatever is unfinished is free for others when its lease ends."""
        self._stopping.set()
        self.wake()

    def has_room(self) -> bool:
        """Whether one more run is begun at once; from any thread."""
        return self._loop is not None and not self._ending() and len(self._serving) < AT_ONCE

    def take(self, run: Run) -> None:
        """Answer a run that is ours already; from any thread. Its lease ends if we do."""
        self._tell(self._begin, run)

    def wake(self) -> None:
        """Look for runs now; from any thread."""
        self._tell(self._look)

    def _tell(self, what: Callable[..., object], *about: object) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *about)

    def _look(self) -> None:
        self._someone_waits = True
        self._woken.set()

    def _begin(self, run: Run) -> None:
        task = asyncio.create_task(self._serve(run), name=f"run-{run.pk}")
        self._serving.add(task)
        task.add_done_callback(self._served)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        bell.listen(self)
        try:
            while not self._ending():
                self._woken.clear()
                await self._guarded_claim()
                await self._rest()
        finally:
            bell.leave(self)
            await _cancel(self._serving)
            await close_clients()

    def _ending(self) -> bool:
        return self._stopping.is_set() or is_ending()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)

    async def _guarded_claim(self) -> None:
        try:
            while (room := AT_ONCE - len(self._serving)) > 0 and not self._ending():
                most = min(room, services.BATCH)
                runs = await in_thread(services.claim_runs, worker=self.worker, most=most)
                for run in runs:
                    self._begin(run)
                if not runs:
                    self._someone_waits = self._someone_waits and bool(self._serving)
                    break
            else:
                self._someone_waits = True
        except Exception:
            if self._well and not self._ending():  # once, not every second of an outage
                logger.exception("runs_not_claimed")
            self._well = False
        else:
            self._well = True

    def _served(self, task: asyncio.Task[None]) -> None:
        self._serving.discard(task)
        if self._someone_waits:  # perhaps the next message of that conversation
            self._woken.set()

    async def _serve(self, run: Run) -> None:
        """Answer while the lease is ours; stop in mid-sentence if it is not."""
        tasks = {
            asyncio.create_task(self._answer(run)),
            asyncio.create_task(self._keep_lease(run)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancel(tasks)

    async def _answer(self, run: Run) -> None:
        question: Question | None = None
        try:
            if run.attempts > services.max_attempts():  # it took its processes down with it
                await in_thread(services.fail_run, run=run, error=run.error or "worker died")
            elif begun := await in_thread(self._begin_answering, run):
                question, answerer = begun
                await self._answer_with(answerer, run, question)
        except services.RunLost:
            logger.info("run_lost", run=run.pk)
        except Overtaken:
            await self._end(run, services.drop_run)
        except TextBlocked as blocked:  # it would be again
            await self._end(run, services.refuse_run, screening=blocked.screening)
        except Exception as error:
            logger.exception("run_failed", run=run.pk, attempt=run.attempts)
            await self._recover(run, question, error)

    def _begin_answering(self, run: Run) -> tuple[Question, Answerer] | None:
        """What is asked and who answers; None if it is answered, too, by the same trip off the
        loop."""
        question = services.begin_run(run=run)
        answerer = self._answerer_of(question, run, at_once=True) if question else None
        return (question, answerer) if question and answerer else None

    def _answerer_of(self, question: Question, run: Run, *, at_once: bool) -> Answerer | None:
        """Who answers; None if the answer was at hand and is given. `at_once`: nobody tried yet."""
        chosen = self._choose(question)
        if not isinstance(chosen, Answer):
            return chosen
        finish = partial(services.finish_run, run=run, answer=chosen, at_once=at_once)
        try:
            finish(metered=question.metered)
        except QuotaExhausted:
            finish(metered=False)
        return None

    async def _answer_with(self, answerer: Answerer, run: Run, question: Question) -> None:
        answer = await self._within_limit(self._collect(answerer, run, question))
        try:
            finish = services.finish_run
            await in_thread(finish, run=run, answer=answer, metered=question.metered)
        except QuotaExhausted:  # this month's last answers went to other customers meanwhile
            free = replace(question, metered=False)
            if other := await in_thread(self._answerer_of, free, run, at_once=False):
                await self._answer_with(other, run, free)

    async def _within_limit(self, answer: Awaitable[Answer]) -> Answer:
        try:
            async with asyncio.timeout(seconds := answering_limit()) as limit:
                return await answer
        except TimeoutError:  # ours, or a socket's somewhere below
            if limit.expired():
                raise TooSlow(f"no answer within {seconds:g} s") from None
            raise

    async def _collect(self, answerer: Answerer, run: Run, question: Question) -> Answer:
        answer: Answer | None = None
        async with Draft(run) as draft:
            async for part in answerer.answer(question):
                if isinstance(part, Answer):
                    answer = part
                else:
                    await draft.add(part.text, anew=part.anew)
        if answer is None:
            raise LookupError("the answerer ended without an answer")
        return answer

    async def _recover(self, run: Run, question: Question | None, error: Exception) -> None:
        """Answering went wrong: again later, or, where that is in vain, by what is certain."""
        too_slow = isinstance(error, TooSlow)  # a second try would come too late
        told = f"{type(error).__name__}: {error}"
        if not too_slow and run.attempts < services.max_attempts():
            await self._end(run, services.release_run, error=told)
        elif answer := await self._stand_in(question):
            await self._end(run, services.finish_run, answer=answer)
        else:
            trigger = Trigger.TIMEOUT if too_slow else Trigger.FAILURE
            await self._end(run, services.fail_run, error=told, trigger=trigger)

    async def _stand_in(self, question: Question | None) -> Answer | None:
        """The embedded answer, if it is a confident one."""
        if question is None:
            return None
        try:
            async with asyncio.timeout(STAND_IN_SECONDS):
                answer = await given(await in_thread(found_for, question), question)
        except Exception:
            logger.exception("no_stand_in", run=question.run)
            return None
        return answer if answer.outcome is Outcome.ANSWERED else None

    async def _end(self, run: Run, end: Callable[..., object], **how: object) -> None:
        try:
            await in_thread(end, run=run, **how)
        except services.RunLost:
            logger.info("run_lost", run=run.pk)
        except Exception:  # its lease ends, and then it is tried again
            logger.exception("run_not_given_back", run=run.pk)

    async def _keep_lease(self, run: Run) -> None:
        """Return when the run is no longer ours, or the conversation no longer the AI's."""
        kept = True
        while kept:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if not await in_thread(services.is_turn, run=run):
                    await self._end(run, services.drop_run)
                    return
                kept = await in_thread(services.renew_lease, run=run)
                conversation = run.conversation
                await in_thread(announcements.announce_typing, conversation=conversation)
            except Exception:
                logger.exception("lease_not_renewed", run=run.pk)


def answering_limit() -> float:
    """Seconds; an answer that takes longer is worth less to the customer than a person."""
    return current(AssistantSettings).longest_answering


async def _cancel(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in (ending := tuple(tasks)):
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
