from chatbot.assistant.providers.admin.calls import ModelCallAdmin
from chatbot.assistant.providers.admin.providers import ProviderAdmin

__all__ = ["ModelCallAdmin", "ProviderAdmin"]
