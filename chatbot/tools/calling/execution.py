"""Runs a call's tool: within its time limit, masked, and again only if it reads."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

import structlog

from chatbot.tools.calling.caller import Caller
from chatbot.tools.calling.outcomes import Interrupted, Outcome, ToolFailed
from chatbot.tools.choices import CallStatus, Risk
from chatbot.tools.kinds import RUNS
from chatbot.tools.models import Tool, ToolCall
from chatbot.tools.schemas.checking import faults_of
from realtime.threads import in_thread

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ended:
    """How it ended: the status, the tool's value or what went wrong, and the cost of it."""

    status: CallStatus
    value: Any = None
    error: str = ""
    latency_ms: int = 0
    attempts: int = 1


async def execute(call: ToolCall) -> Ended:
    """Run it now; the caller has claimed it. `call.sealed` holds the arguments. Never raises."""
    if call.tool is None:
        return Ended(CallStatus.FAILED, error="the tool was deleted", attempts=0)
    if not call.tool.is_usable:
        return Ended(CallStatus.FAILED, error="the tool was switched off", attempts=0)
    trial = _Trial(call, call.tool)
    try:
        return await trial.run()
    except ToolFailed as error:
        return trial.ended(_unfinished(call, error), error=str(error))
    except TimeoutError:
        late = Interrupted(f"no answer within {call.tool.server.timeout:g} s")
        return trial.ended(_unfinished(call, late), error=str(late))
    except Exception as error:
        logger.exception("tool_broken", tool=call.tool_name)
        return trial.ended(_unfinished(call, Interrupted("")), error=type(error).__name__)


class _Trial:
    """One call with its attempts and the time they take."""

    def __init__(self, call: ToolCall, tool: Tool) -> None:
        self._call, self._tool = call, tool
        self._began, self._attempts = time.monotonic(), 0

    async def run(self) -> Ended:
        async with asyncio.timeout(self._tool.server.timeout):
            outcome = await self._tried()
        return await self._checked(outcome)

    async def _tried(self) -> Outcome:
        while True:
            self._attempts += 1
            try:
                return await _run(self._tool, self._call)
            except Interrupted:
                if not self._may_repeat():
                    raise

    def ended(self, status: CallStatus, value: Any = None, error: str = "") -> Ended:
        spent = round((time.monotonic() - self._began) * 1000)
        return Ended(status, value, error[:500], spent, self._attempts)

    def _may_repeat(self) -> bool:
        return self._call.risk == Risk.READ and self._attempts <= self._tool.server.retries

    async def _checked(self, outcome: Outcome) -> Ended:
        faults = await in_thread(faults_of, outcome.value, self._tool.output_schema)
        if faults and self._call.risk == Risk.READ:
            raise ToolFailed(f"not the result that was promised: {faults[0]}")
        # What was done is done: a strange receipt doesn't undo it.
        return self.ended(CallStatus.OK, outcome.value, "; ".join(faults))


async def _run(tool: Tool, call: ToolCall) -> Outcome:
    caller = Caller(call.conversation, call.idempotency_key)
    return await RUNS[tool.server.kind](tool, json.loads(call.sealed or "{}"), caller)


def _unfinished(call: ToolCall, error: ToolFailed) -> CallStatus:
    """What may have changed something is not called failed."""
    started = isinstance(error, Interrupted) and error.started
    uncertain = started and call.risk != Risk.READ
    return CallStatus.UNCERTAIN if uncertain else CallStatus.FAILED
