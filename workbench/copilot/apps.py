from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CopilotConfig(AppConfig):
    name = "workbench.copilot"
    verbose_name = _("Copilot")

    def ready(self) -> None:
        from workbench.copilot import errors, events  # noqa: F401 - they register themselves
