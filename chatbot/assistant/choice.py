from collections.abc import AsyncIterator

from chatbot.assistant.announcements import announce_typing
from chatbot.assistant.answerer import Answer, Answerer, Delta, Question
from chatbot.assistant.dialogue.answerer import ModelAnswerer
from chatbot.assistant.embedded.answerer import found_for, given
from chatbot.assistant.embedded.tool_use import Wish
from chatbot.assistant.providers.completion import available
from realtime.threads import in_thread


def chosen_answerer() -> Answerer:
    """The one place that decides who answers."""
    return ChosenAnswerer()


class ChosenAnswerer:
    """A model where one may be asked for the tenant, else the embedded answerer."""

    async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        found = await in_thread(_found_without_model, question)
        if found is not None:
            yield await given(found, question)
            return
        async for part in ModelAnswerer().answer(question):
            yield part


def _found_without_model(question: Question) -> Answer | Wish | None:
    """What the embedded answerer finds, in one trip off the loop; None where a model answers."""
    found = None if available(question.tenant) else found_for(question)
    if not isinstance(found, Answer) and question.conversation is not None:  # it may take its time
        announce_typing(conversation=question.conversation)
    return found
