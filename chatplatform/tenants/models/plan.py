from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import Timestamped


class Plan(Timestamped):
    """What a tenant has bought: the installation's, the same for all who have it.

    `limits` maps a Metric to its limit; a metric that is not in it has none.
    """

    code = models.CharField(
        _("code"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$")],
        help_text=_("Lower-case letters, digits, hyphens and underscores."),
    )
    name = models.CharField(_("name"), max_length=80)
    limits = models.JSONField(_("limits"), default=dict, blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
