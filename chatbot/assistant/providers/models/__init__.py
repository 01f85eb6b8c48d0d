from chatbot.assistant.providers.models.call import ModelCall
from chatbot.assistant.providers.models.provider import Provider

__all__ = ["ModelCall", "Provider"]
