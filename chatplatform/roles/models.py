from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chatplatform.kernel.models import TenantOwned, Timestamped
from chatplatform.tenants.models import Department, Tenant


class Scope(models.TextChoices):
    """How far a role reaches inside its tenant."""

    ALL = "all", _("everything")
    DEPARTMENT_TREE = "department_tree", _("own department and those below")
    DEPARTMENT = "department", _("own department")
    OWN = "own", _("own work only")
    CUSTOM = "custom", _("chosen departments")


BUILT_IN = {
    "agent": _("Agent"),
    "supervisor": _("Supervisor"),
    "administrator": _("Administrator"),
}


class Role(Timestamped):
    """What people may do (their group's permissions) and with which rows.

    Without a tenant it is the installation's and every tenant's people may have it. `constraints`
    narrow it: {"app.model": {"field" or "field__in": value}}, see constraints.py. Only
    services.py writes: caches of rights hear of it there.
    """

    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tenant"),
        help_text=_("Empty: for every tenant."),
    )
    group = models.OneToOneField(
        Group, on_delete=models.CASCADE, related_name="role", editable=False
    )
    name = models.CharField(_("name"), max_length=60)
    scope = models.CharField(_("reach"), max_length=16, choices=Scope.choices, default=Scope.OWN)
    departments = models.ManyToManyField(
        Department, blank=True, related_name="+", verbose_name=_("chosen departments")
    )
    enabled = models.BooleanField(
        _("enabled"), default=True, help_text=_("A role that is switched off gives nothing.")
    )
    constraints = models.JSONField(pgettext_lazy("role", "limits"), default=dict, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["tenant", "name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="role_name_per_tenant"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(tenant__isnull=True), name="role_name_of_installation"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Its name for people: the installation's own ones are called so in their language."""
        return self.name if self.tenant_id else str(BUILT_IN.get(self.name, self.name))


class MenuOverride(TenantOwned):
    """Where a tenant wants a menu entry that code declares (menus.py), or that it wants none."""

    key = models.CharField(_("menu entry"), max_length=60)
    order = models.IntegerField(
        _("place"), null=True, blank=True, help_text=_("Lowest first; empty: where it is anyway.")
    )
    hidden = models.BooleanField(_("hidden"), default=False)

    class Meta:
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="menu_override_once_per_key")
        ]

    def __str__(self) -> str:
        return self.key
