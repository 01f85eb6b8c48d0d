from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned


class AuditEntry(TenantOwned):
    """One line of history: who did what to which thing. Never changed, never deleted by hand."""

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    actor_kind = models.CharField(_("kind of actor"), max_length=16)
    actor_id = models.CharField(_("actor id"), max_length=64, blank=True)
    actor_label = models.CharField(_("actor"), max_length=160, blank=True)
    action = models.CharField(_("action"), max_length=64, db_index=True)
    target_type = models.CharField(_("kind of target"), max_length=64)
    target_id = models.CharField(_("target"), max_length=64)
    data = models.JSONField(_("details"), default=dict, blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["tenant", "target_type", "target_id"])]

    def __str__(self) -> str:
        return f"{self.actor_label or self.actor_kind} {self.action} {self.target_id}"
