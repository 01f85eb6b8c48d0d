"""Who answers a question: the one place that decides."""

from chatbot.assistant.announcements import announce_typing
from chatbot.assistant.answerer import Answer, Answerer, Question
from chatbot.assistant.dialogue.answerer import ModelAnswerer
from chatbot.assistant.embedded.answerer import found_for
from chatbot.assistant.providers.completion import available


def choose(question: Question) -> Answer | Answerer:
    """The answer itself where it takes neither a model nor a tool, else who gives it.

    Off the event loop. A model where one may be asked for the tenant and the question is metered.
    """
    asks_model = question.metered and available(question.tenant)
    chosen = ModelAnswerer() if asks_model else found_for(question)
    if not isinstance(chosen, Answer) and question.conversation is not None:  # it may take its time
        announce_typing(conversation=question.conversation)
    return chosen
