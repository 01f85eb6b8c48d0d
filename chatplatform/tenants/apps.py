from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "chatplatform.tenants"
    verbose_name = _("Tenants")

    def ready(self) -> None:
        from chatplatform.tenants.grants import CUSTOMER, of_open_tenants
        from realtime.streams import holding

        holding(CUSTOMER, of_open_tenants)
