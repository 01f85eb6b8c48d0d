from chatbot.assistant.providers.models.call import ModelCall
from chatbot.assistant.providers.models.day import ModelDay
from chatbot.assistant.providers.models.provider import Provider

__all__ = ["ModelCall", "ModelDay", "Provider"]
