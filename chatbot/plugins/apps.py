from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PluginsConfig(AppConfig):
    name = "chatbot.plugins"
    verbose_name = _("Plugins")

    def ready(self) -> None:
        from chatbot.plugins import dispatch, receivers  # noqa: F401 - receivers register themselves
        from chatplatform.kernel import background

        # Both doors: customers and the AI speak in one, agents in the other. Never returns.
        background.register("plugins", dispatch.work, every=5.0)
