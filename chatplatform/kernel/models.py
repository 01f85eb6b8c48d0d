"""Abstract bases of our tables."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.scoping import tenant_scoped


class TenantOwned(models.Model):
    """A row that belongs to one tenant; its manager fails closed."""

    tenant = models.ForeignKey(
        "tenants.Tenant", on_delete=models.CASCADE, related_name="+", verbose_name=_("tenant")
    )

    objects: ClassVar[Any] = tenant_scoped()

    class Meta:
        abstract = True


class Timestamped(models.Model):
    """Knows when it was made and last changed."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True
