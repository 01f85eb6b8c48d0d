from django.db import models
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.providers.purposes import CallStatus, Purpose
from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class ModelCall(TenantOwned):
    """One request to a model: what it was for, what it took and what became of it.

    `provider_name` and `model` stay when the provider goes. Times in milliseconds; `cost` in
    `currency`. With `is_estimated` the tokens are our estimate: the server reported none.
    """

    provider = models.ForeignKey(
        "providers.Provider",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("model provider"),
    )
    provider_name = models.CharField(_("model provider"), max_length=80)
    model = models.CharField(_("model"), max_length=120)
    run = models.ForeignKey(
        "assistant.Run",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("run"),
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose.choices)
    status = models.CharField(_("status"), max_length=20, choices=CallStatus.choices)
    error = models.CharField(_("error"), max_length=300, blank=True)
    tokens_in = models.PositiveIntegerField(_("tokens read"), default=0)
    tokens_out = models.PositiveIntegerField(_("tokens written"), default=0)
    is_estimated = models.BooleanField(_("estimated"), default=False)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=6, default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    first_token_ms = models.PositiveIntegerField(_("first word (ms)"), null=True)
    total_ms = models.PositiveIntegerField(_("whole (ms)"), default=0)
    created_at = models.DateTimeField(_("time"), auto_now_add=True)

    visibility = Visibility(shared=models.Q())

    class Meta:
        verbose_name = _("model call")
        verbose_name_plural = _("model calls")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["tenant", "created_at"], name="model_call_by_day"),
            models.Index(fields=["created_at"], name="model_call_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_name} {self.status}"
