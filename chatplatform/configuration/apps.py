from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel import background


class ConfigurationConfig(AppConfig):
    name = "chatplatform.configuration"
    verbose_name = _("Settings")

    def ready(self) -> None:
        from chatplatform.configuration import memory

        autodiscover_modules("runtime_settings")
        # Both doors, with what hangs on them, know of a change well within five seconds.
        background.register("configuration.refresh", memory.refresh, every=2.0)
