from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.ids import public_id
from chatplatform.kernel.scoping import tenant_scoped


class Setting(models.Model):
    """A value that differs from its default: the installation's (no tenant) or one tenant's."""

    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tenant"),
    )
    group = models.CharField(_("group"), max_length=40)
    key = models.CharField(_("key"), max_length=60)
    value = models.JSONField(_("value"))
    changed_by = models.CharField(_("changed by"), max_length=150, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects: ClassVar[Any] = tenant_scoped()

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        ordering = ["group", "key"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "group", "key"],
                condition=Q(tenant__isnull=False),
                name="setting_once_per_tenant",
            ),
            models.UniqueConstraint(
                fields=["group", "key"],
                condition=Q(tenant__isnull=True),
                name="setting_once_per_installation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}.{self.key}"


class Revision(models.Model):
    """One row; its stamp is another one after every change of a setting, and after a restore."""

    ONLY = 1

    stamp = models.CharField(_("stamp"), max_length=22, default=public_id)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        default_permissions = ()

    def __str__(self) -> str:
        return self.stamp
