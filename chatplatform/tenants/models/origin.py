from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned


class AllowedOrigin(TenantOwned):
    """A web site that may show a tenant's chat; a tenant without one may be shown anywhere."""

    origin = models.CharField(
        _("origin"), max_length=270, help_text=_("For example https://shop.example")
    )

    class Meta:
        verbose_name = _("allowed origin")
        verbose_name_plural = _("allowed origins")
        ordering = ["origin"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "origin"], name="origin_once_per_tenant")
        ]

    def __str__(self) -> str:
        return self.origin
