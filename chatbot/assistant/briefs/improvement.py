"""Asks the model for a better brief: in the background, once, and only if there is a model."""

from chatbot.assistant.models import HandoffBrief


def ask(brief: HandoffBrief) -> None:
    """Have it bettered soon; the template's stays where that fails."""
