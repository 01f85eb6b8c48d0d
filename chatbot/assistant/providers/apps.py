from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    name = "chatbot.assistant.providers"
    verbose_name = _("Language models")

    def ready(self) -> None:
        from chatbot.assistant.providers import checks, runtime_settings  # noqa: F401 - they register themselves
        from chatbot.assistant.providers.embedding_source import source
        from chatbot.assistant.providers.models import ModelCall
        from chatbot.assistant.providers.retention import remove_old_calls
        from chatbot.knowledge.embedders.endpoint import register_source
        from chatplatform.kernel import retention

        register_source(source)
        retention.register(remove_old_calls, ModelCall)
