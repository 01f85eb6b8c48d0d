from collections.abc import AsyncIterator

from chatbot.assistant.answerer import Answer, Answerer, Delta, Question
from chatbot.assistant.dialogue.answerer import ModelAnswerer
from chatbot.assistant.embedded.answerer import EmbeddedAnswerer
from chatbot.assistant.providers.completion import available
from realtime.threads import in_thread


def chosen_answerer() -> Answerer:
    """The one place that decides who answers."""
    return ChosenAnswerer()


class ChosenAnswerer:
    """A model where one may be asked for the tenant, else the embedded answerer."""

    async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        has_model = await in_thread(available, question.tenant)
        answerer: Answerer = ModelAnswerer() if has_model else EmbeddedAnswerer()
        async for part in answerer.answer(question):
            yield part
