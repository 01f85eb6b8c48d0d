from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned, Timestamped


class Position(TenantOwned, Timestamped):
    """What someone is in the company: shift leader, specialist. It gives no rights."""

    code = models.CharField(
        _("code"),
        max_length=32,
        validators=[RegexValidator(r"^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$")],
        help_text=_("Lower-case letters, digits, hyphens and underscores."),
    )
    name = models.CharField(_("name"), max_length=80)
    rank = models.PositiveSmallIntegerField(
        _("rank"), default=0, help_text=_("Lists show the lowest first.")
    )

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["rank", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="position_code_per_tenant")
        ]

    def __str__(self) -> str:
        return self.name
