"""The answerer that asks a model, and what answers when no model does."""

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import structlog

from chatbot.assistant.answerer import Answer, Delta, Outcome, Question, Trigger
from chatbot.assistant.dialogue import context, summaries
from chatbot.assistant.dialogue.steps import Dialogue
from chatbot.assistant.embedded import phrases
from chatbot.assistant.embedded.answerer import answer_from_knowledge
from chatbot.assistant.guardrails.recital import Recited
from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.providers.endpoints import budget_of
from chatbot.assistant.providers.parts import Lack, NoModel
from chatbot.assistant.runtime_settings import AssistantSettings
from chatbot.assistant.threads import in_thread
from chatbot.tools.toolbox import Toolbox
from chatplatform.configuration.selectors import current
from chatplatform.kernel.scoping import tenant_scope

logger = structlog.get_logger(__name__)

# Of the time for an answer, kept for the one that is given when no model's came.
RESERVE = 0.15
# Nobody has anything to mend here: the tenant has no model, or has used up its tokens.
_EXPECTED = (Lack.NOT_CONFIGURED, Lack.EXHAUSTED)


@dataclass(frozen=True)
class Preparation:
    """What can be known before a model is asked."""

    context: context.Context
    toolbox: Toolbox | None
    tools: list[dict[str, Any]]
    max_tokens: int


class ModelAnswerer:
    """Small talk and the wish for a person by rule, everything else by a model; without one, what
    the knowledge base says; and if that says nothing either, a person."""

    async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        if phrases.recognise(question.text) is not None:
            yield await in_thread(answer_from_knowledge, question)
            return
        ends = time.monotonic() + current(AssistantSettings).longest_answering * (1 - RESERVE)
        try:
            prepared = await in_thread(prepare, question)
            async with aclosing(_dialogue(question, prepared, ends).parts()) as parts:
                async for part in parts:
                    yield part
            summaries.renew_later(question, prepared.context.left_out)
        except Recited:
            logger.warning("instructions_recited", run=question.run)
            yield await in_thread(answer_from_knowledge, question)
        except NoModel as lack:
            yield await in_thread(without_model, question, lack)


def prepare(question: Question, prompt: Prompt | None = None) -> Preparation:
    """Context and tools, off the event loop; `prompt` is tried instead of the published one."""
    budget = budget_of(question.tenant)
    toolbox = Toolbox(question.conversation) if question.conversation else None
    with tenant_scope(question.tenant):
        tools = toolbox.definitions() if toolbox else []
        built = context.build(question, budget=budget.context, tools=tools, prompt=prompt)
    return Preparation(built, toolbox, tools, budget.answer)


def without_model(question: Question, lack: NoModel) -> Answer:
    """The embedded answer; if that is none and a model should have been there, a person."""
    answer = answer_from_knowledge(question)
    if lack.lack in _EXPECTED:
        return answer
    logger.warning("answered_without_model", run=question.run, reason=str(lack))
    if answer.outcome is Outcome.UNKNOWN:
        return replace(
            answer,
            text="",
            outcome=Outcome.HANDOFF_REQUESTED,
            suggestions=(),
            trigger=Trigger.FAILURE,
        )
    return answer


def _dialogue(question: Question, prepared: Preparation, ends: float) -> Dialogue:
    return Dialogue(
        question,
        prepared.context,
        toolbox=prepared.toolbox,
        tools=prepared.tools,
        max_tokens=prepared.max_tokens,
        ends=ends,
    )
