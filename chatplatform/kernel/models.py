"""Abstract bases of our tables."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.ids import public_id
from chatplatform.kernel.scoping import all_tenants, tenant_scoped


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


class TenantEdition(models.Model):
    """Another `token` after every change of a tenant's rows: who keeps something built from them
    (editions.py) sees by it that this is old."""

    tenant = models.OneToOneField(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("tenant"),
    )
    token = models.CharField(_("token"), max_length=22)

    objects: ClassVar[Any] = tenant_scoped()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.token

    @classmethod
    def renew(cls, tenant: models.Model) -> None:
        """In the transaction of a change: everything built before it is old."""
        cls.objects.update_or_create(tenant=tenant, defaults={"token": public_id()})

    @classmethod
    def tokens(cls, tenants: Iterable[int]) -> dict[int, str]:
        """The tokens of these tenants, by their keys; of those that have one."""
        with all_tenants():
            rows = cls.objects.filter(pk__in=list(tenants)).order_by()
            found: dict[int, str] = dict(rows.values_list("pk", "token"))
        return found
