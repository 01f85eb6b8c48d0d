from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "workbench.desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from chatplatform.roles import menus
        from workbench.desk.menu import ENTRIES

        menus.declare(*ENTRIES)
