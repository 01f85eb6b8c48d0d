from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromptsConfig(AppConfig):
    name = "chatbot.assistant.prompts"
    verbose_name = _("Instructions for the assistant")
