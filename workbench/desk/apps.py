from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "workbench.desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        # One door for all: the admin's own form knows neither limits nor second factors.
        from allauth.account.decorators import secure_admin_login
        from django.contrib import admin

        admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
