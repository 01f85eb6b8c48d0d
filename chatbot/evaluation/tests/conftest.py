"""Models on loopback, as the assistant's own tests have them."""

from chatbot.assistant.conftest import closed_breakers, server

__all__ = ["closed_breakers", "server"]
