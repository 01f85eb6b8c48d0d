"""What somebody without a history would be answered with instructions that do not hold yet."""

import time
from contextlib import aclosing

from chatbot.assistant.answerer import Answer, Question
from chatbot.assistant.dialogue.answerer import Preparation, prepare
from chatbot.assistant.dialogue.steps import Dialogue
from chatbot.assistant.embedded import phrases
from chatbot.assistant.embedded.answerer import answer_from_knowledge
from chatbot.assistant.guardrails.recital import Recited
from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.providers.parts import Lack, NoModel
from chatbot.assistant.providers.purposes import Purpose
from chatbot.assistant.runtime_settings import AssistantSettings
from chatbot.assistant.threads import in_thread
from chatplatform.configuration.selectors import current


async def rehearse(prompt: Prompt, text: str, language: str) -> Answer:
    """As ModelAnswerer answers, but for functions, which belong to conversations. Raises NoModel:
    what is given instead of a model's answer says nothing about instructions."""
    question = Question(prompt.tenant, session_name="", text=text, language=language)
    if phrases.recognise(text) is not None:
        return await in_thread(answer_from_knowledge, question)
    prepared = await in_thread(prepare, question, prompt)
    try:
        return await _last(_dialogue(question, prepared))
    except Recited:
        return await in_thread(answer_from_knowledge, question)


async def _last(dialogue: Dialogue) -> Answer:
    async with aclosing(dialogue.parts()) as parts:
        async for part in parts:
            if isinstance(part, Answer):
                return part
    raise NoModel(Lack.FAILED, "no answer")


def _dialogue(question: Question, prepared: Preparation) -> Dialogue:
    return Dialogue(
        question,
        prepared.context,
        toolbox=None,
        tools=[],
        max_tokens=prepared.max_tokens,
        ends=time.monotonic() + current(AssistantSettings).longest_answering,
        purpose=Purpose.EVALUATION,
    )
