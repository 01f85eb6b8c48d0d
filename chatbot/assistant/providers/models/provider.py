from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.providers.purposes import Use
from chatplatform.kernel.models import Timestamped
from chatplatform.kernel.scoping import tenant_scoped
from chatplatform.kernel.visibility import Visibility
from chatplatform.protection.encryption import EncryptedTextField


class Provider(Timestamped):
    """A model behind an OpenAI-compatible endpoint: one tenant's, or (no tenant) everybody's.

    `position` orders the failover. Prices are per million tokens, timeouts in seconds. `trouble`
    says why a process has stopped asking it; `test_*` is what the last press of "Test" found.
    """

    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tenant"),
        help_text=_("Empty: for all tenants."),
    )
    name = models.CharField(_("name"), max_length=80)
    base_url = models.CharField(
        _("base address"),
        max_length=300,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("Of an OpenAI-compatible endpoint, such as https://api.openai.com/v1."),
    )
    model = models.CharField(_("model"), max_length=120, help_text=_("Its name at that endpoint."))
    api_key = EncryptedTextField(_("API key"), blank=True)
    use = models.CharField(_("used for"), max_length=16, choices=Use.choices, default=Use.ANSWERS)
    position = models.PositiveSmallIntegerField(
        _("order"), default=10, help_text=_("The lowest is asked first; the next if it fails.")
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    can_use_tools = models.BooleanField(_("can use tools"), default=True)
    context_window = models.PositiveIntegerField(
        _("context window (tokens)"),
        default=16_000,
        validators=[MinValueValidator(2_000), MaxValueValidator(10_000_000)],
        help_text=_("How much the model can read and write in one call."),
    )
    connect_timeout = models.FloatField(
        _("time to connect (s)"),
        default=5,
        validators=[MinValueValidator(0.1), MaxValueValidator(60)],
    )
    first_token_timeout = models.FloatField(
        _("time to the first word (s)"),
        default=15,
        validators=[MinValueValidator(0.1), MaxValueValidator(300)],
        help_text=_("Also the longest silence in the middle of an answer."),
    )
    timeout = models.FloatField(
        _("time for a whole answer (s)"),
        default=45,
        validators=[MinValueValidator(0.1), MaxValueValidator(600)],
    )
    input_price = models.DecimalField(
        _("price of a million tokens read"), max_digits=12, decimal_places=4, default=Decimal(0)
    )
    output_price = models.DecimalField(
        _("price of a million tokens written"), max_digits=12, decimal_places=4, default=Decimal(0)
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    trouble = models.CharField(_("trouble"), max_length=32, blank=True, editable=False)
    trouble_at = models.DateTimeField(_("since"), null=True, editable=False)
    tested_at = models.DateTimeField(_("tested"), null=True, editable=False)
    test_result = models.JSONField(_("result of the test"), default=dict, editable=False)

    objects: ClassVar[Any] = tenant_scoped()
    visibility = Visibility(shared=models.Q())

    class Meta:
        verbose_name = _("model provider")
        verbose_name_plural = _("model providers")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(input_price__gte=0, output_price__gte=0),
                name="provider_prices_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name
