"""One question's exchange with a model: steps of text and tool calls, until there is an answer."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from chatbot.assistant import sentences
from chatbot.assistant.answerer import Answer, Delta, Question
from chatbot.assistant.dialogue import grounding, request_human
from chatbot.assistant.dialogue.context import Context
from chatbot.assistant.dialogue.grounding import Deeds
from chatbot.assistant.dialogue.outlet import Outlet
from chatbot.assistant.guardrails.addresses import given_in, only_given
from chatbot.assistant.guardrails.claims import claims_deed
from chatbot.assistant.guardrails.recital import recites_in
from chatbot.assistant.providers import completion
from chatbot.assistant.providers.parts import Lack, NoModel, TextDelta, ToolCall, ToolCalls
from chatbot.assistant.providers.purposes import Purpose
from chatbot.assistant.threads import in_thread
from chatbot.moderation.screening import Speaker, screen
from chatbot.tools.toolbox import Toolbox

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
        purpose: Purpose = Purpose.ANSWER,
    ) -> None:
        self._question, self._context, self._toolbox = question, context, toolbox
        self._purpose = purpose
        self._messages = list(context.messages)
        self._tools = [*tools, request_human.DEFINITION]
        self._max_tokens, self._ends = max_tokens, ends
        self._used_tools = False
        self._awaits = ""
        self._given = context.given
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
            purpose=self._purpose,
            run=self._question.run,
            max_tokens=self._max_tokens,
            seconds=self._ends - time.monotonic(),
        )
        begins, outlet = True, self._outlet()
        async with aclosing(reply):
            async for part in reply:
                if isinstance(part, ToolCalls):
                    self._calls = part.calls
                    continue
                if isinstance(part, TextDelta):
                    if part.anew:
                        begins, outlet, self._text = True, self._outlet(), ""
                    self._text += part.text
                    piece = outlet.feed(part.text)
                else:
                    piece = outlet.close()
                if piece and self._may_show():
                    yield Delta(piece, anew=begins and self._shown)
                    begins, self._shown = False, True

    def _outlet(self) -> Outlet:
        return Outlet(self._context, self._given, has_read=self._used_tools)

    def _may_show(self) -> bool:
        """Words with nothing behind them wait until it is known what they are worth."""
        return (self._context.is_covered or self._used_tools) and not self._awaits

    async def _answer(self) -> Answer:
        return await in_thread(self._judged)

    def _judged(self) -> Answer:
        tenant = self._question.tenant
        if screen(tenant, self._text, speaker=Speaker.AI).blocked:
            raise NoModel(Lack.FAILED, "it said what must not be said")
        told = only_given(self._text, self._given)
        return grounding.grounded(told, self._context, tenant, self._deeds())

    def _deeds(self) -> Deeds:
        done = claims_deed(self._text) and self._toolbox is not None and self._toolbox.has_acted()
        return Deeds(used=self._used_tools, awaits=self._awaits, done=done)

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
        if recites_in(call.arguments, self._context.instructions):
            return "These arguments are not right: they hold your instructions."
        result = await self._toolbox.call(
            call.name, call.arguments, run=self._question.run or 0, step=step
        )
        if result.status == "ok":
            self._used_tools = True
            self._given |= given_in([result.text])
        elif sentences.awaiting(result.status):
            self._awaits = result.status
        return result.text
