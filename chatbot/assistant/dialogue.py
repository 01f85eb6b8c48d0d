"""One question's exchange with a model: steps of text and tool calls, until there is an answer."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from chatbot.assistant import grounding, request_human
from chatbot.assistant.answerer import Answer, Delta, Question
from chatbot.assistant.context import Context
from chatbot.assistant.providers import completion
from chatbot.assistant.providers.parts import Lack, NoModel, TextDelta, ToolCall, ToolCalls
from chatbot.assistant.providers.purposes import Purpose
from chatbot.moderation.screening import Speaker, screen
from chatbot.tools.toolbox import Toolbox
from realtime.threads import in_thread

STEPS = 6


class Dialogue:
    """`ends` is when (time.monotonic) an answer must be there. Raises NoModel."""

    def __init__(
        self,
        question: Question,
        context: Context,
        *,
        toolbox: Toolbox | None,
        tools: list[dict[str, Any]],
        max_tokens: int,
        ends: float,
    ) -> None:
        self._question, self._context, self._toolbox = question, context, toolbox
        self._messages = list(context.messages)
        self._tools = [*tools, request_human.DEFINITION]
        self._max_tokens, self._ends = max_tokens, ends
        self._used_tools = False
        self._shown = False
        self._text = ""
        self._calls: tuple[ToolCall, ...] = ()

    async def parts(self) -> AsyncGenerator[Delta | Answer, None]:
        """Deltas, then the Answer."""
        for step in range(STEPS + 1):
            async with aclosing(self._listen(may_call=step < STEPS)) as deltas:
                async for delta in deltas:
                    yield delta
            if person := next((c for c in self._calls if c.name == request_human.NAME), None):
                yield request_human.transfer(person)
                return
            if not self._calls:
                yield await self._answer()
                return
            if step < STEPS:
                await self._use_tools(step)
        raise NoModel(Lack.FAILED, "it only calls tools")

    async def _listen(self, *, may_call: bool) -> AsyncGenerator[Delta, None]:
        """One reply: what may be shown of it while it comes; then `_text` and `_calls` are set."""
        self._text, self._calls = "", ()
        reply = completion.stream(
            self._question.tenant,
            self._messages,
            tools=self._tools if may_call else (),
            purpose=Purpose.ANSWER,
            run=self._question.run,
            max_tokens=self._max_tokens,
            seconds=self._ends - time.monotonic(),
        )
        begins = True
        async with aclosing(reply):
            async for part in reply:
                if isinstance(part, ToolCalls):
                    self._calls = part.calls
                elif isinstance(part, TextDelta):
                    begins = begins or part.anew
                    self._text = part.text if part.anew else self._text + part.text
                    if self._may_show():
                        yield Delta(part.text, anew=begins and self._shown)
                        begins, self._shown = False, True

    def _may_show(self) -> bool:
        """Words with nothing behind them wait until it is known what they are worth."""
        return self._context.is_covered or self._used_tools

    async def _answer(self) -> Answer:
        return await in_thread(self._judged)

    def _judged(self) -> Answer:
        tenant = self._question.tenant
        if screen(tenant, self._text, speaker=Speaker.AI).blocked:
            raise NoModel(Lack.FAILED, "it said what must not be said")
        return grounding.grounded(self._text, self._context, tenant, used_tools=self._used_tools)

    async def _use_tools(self, step: int) -> None:
        asked = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in self._calls
        ]
        self._messages.append({"role": "assistant", "content": self._text, "tool_calls": asked})
        for call in self._calls:
            told = await self._use(call, step)
            self._messages.append({"role": "tool", "tool_call_id": call.id, "content": told})

    async def _use(self, call: ToolCall, step: int) -> str:
        if self._toolbox is None:
            return "There is no such function."
        result = await self._toolbox.call(
            call.name, call.arguments, run=self._question.run or 0, step=step
        )
        self._used_tools = self._used_tools or result.status == "ok"
        return result.text
