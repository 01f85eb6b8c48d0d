from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiKeysConfig(AppConfig):
    name = "chatplatform.accounts.api_keys"
    verbose_name = _("API keys")

    def ready(self) -> None:
        from chatplatform.accounts.api_keys import grants, usage
        from chatplatform.kernel import background
        from realtime.streams import holding

        holding(grants.KIND, grants.still_hold)
        background.register("api_keys.usage", usage.write, every=15)
