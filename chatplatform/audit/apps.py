from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "chatplatform.audit"
    verbose_name = _("History")

    def ready(self) -> None:
        from chatplatform.audit.recording import record_tenant_change
        from chatplatform.tenants.services import tenant_saved

        tenant_saved.connect(record_tenant_change, dispatch_uid="audit")
