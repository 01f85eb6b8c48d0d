from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class ReadMark(TenantOwned):
    """How far an agent has read a conversation: up to and including `last_message_id`."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("agent"),
    )
    conversation = models.ForeignKey(
        "conversations.Conversation",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("conversation"),
    )
    last_message_id = models.PositiveBigIntegerField(_("last message read"))
    updated_at = models.DateTimeField(_("read"), auto_now=True)

    visibility = Visibility(through="conversation")

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "conversation"], name="read_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.agent} ≤ {self.last_message_id}"
