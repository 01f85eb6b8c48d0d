from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Length, Replace
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned, Timestamped
from chatplatform.kernel.visibility import Visibility

DEEPEST = 5  # levels
LEVEL = Length("path") - Length(Replace("path", Value("/"), Value("")))  # `level`, in a query


class Department(TenantOwned, Timestamped):  # type: ignore[django-manager-missing]  # ours is Any
    """A node of a tenant's tree; only tenants/services/departments.py changes where it hangs.

    `path` holds the ids from the root to the node itself, each with a slash: "3/17/". All below a
    node, itself included, are `path__startswith=node.path`.
    """

    code = models.CharField(_("code"), max_length=16, editable=False)
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent department"),
    )
    path = models.CharField(max_length=110, editable=False, db_index=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("leader"),
    )
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Nobody new is put into an inactive department.")
    )

    visibility = Visibility(department="pk")

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="department_code_per_tenant")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> int:
        """1 for a root, at most DEEPEST."""
        return self.path.count("/")
