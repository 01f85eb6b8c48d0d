from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "workbench.people"
    verbose_name = _("People in the console")

    def ready(self) -> None:
        from chatplatform.roles import menus
        from workbench.people.menu import ENTRY

        menus.declare(ENTRY)
