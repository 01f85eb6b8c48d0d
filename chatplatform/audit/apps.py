from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "chatplatform.audit"
    verbose_name = _("History")

    def ready(self) -> None:
        from chatplatform.audit import retention, sealing
        from chatplatform.kernel import background

        autodiscover_modules("history")  # the rooms above name what happens in them
        # Both doors seal: history is closed while either process lives.
        background.register("audit.seal", sealing.seal_waiting, every=1.0)
        background.register("audit.trim", retention.trim_daily, every=86_400, door="workbench")
