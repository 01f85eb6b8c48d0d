from chatbot.assistant.answerer import Answerer
from chatbot.assistant.embedded import EmbeddedAnswerer


def chosen_answerer() -> Answerer:
    """The one place that decides who answers: the embedded answerer, which is always there."""
    return EmbeddedAnswerer()
