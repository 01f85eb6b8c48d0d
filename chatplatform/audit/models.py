from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from chatplatform.audit.reach import by_departments, by_user
from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.scoping import tenant_scoped
from chatplatform.kernel.visibility import Visibility, VisibleManager, VisibleQuerySet


class AppendOnly(Exception):
    """History is not changed. Only sealing (sealing.py) and retention (retention.py) touch it."""


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise AppendOnly("history is written once: lines are neither changed nor deleted")


class AppendOnlyQuerySet(VisibleQuerySet["AuditEntry"]):
    """Rows that are added and read. Sealing and retention go past it, by `_base_manager`."""

    update = bulk_update = delete = _refuse


class AppendOnlyManager(VisibleManager.from_queryset(AppendOnlyQuerySet)):  # type: ignore[misc]  # made at run time
    """The manager of history."""


class AuditEntry(TenantOwned):
    """One line of history: who did what to which thing, from where. Written once.

    `before` and `after` hold the fields that changed, secrets masked; `data` is further detail.
    Without a tenant it is about the installation. `sequence` (from 1, without gaps in a tenant) and
    `digest` are empty until the line is sealed, within a second or two.
    """

    tenant = models.ForeignKey(  # type: ignore[assignment]  # none: the installation's
        "tenants.Tenant",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,  # the first column of the others
        verbose_name=_("tenant"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    actor_kind = models.CharField(_("kind of actor"), max_length=16)
    actor_id = models.CharField(_("actor id"), max_length=64, blank=True)
    actor_label = models.CharField(_("actor"), max_length=160, blank=True)
    action = models.CharField(_("action"), max_length=64, db_index=True)
    target_type = models.CharField(_("kind of target"), max_length=64)
    target_id = models.CharField(_("target"), max_length=64)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    address = models.CharField(pgettext_lazy("network", "address"), max_length=45, blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    sequence = models.PositiveBigIntegerField(_("number"), null=True, editable=False)
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)

    objects: ClassVar[Any] = tenant_scoped(AppendOnlyManager)
    visibility = Visibility(
        owner=by_user,
        department=by_departments,
        constraints=("action", "actor_kind", "target_type", "at"),
    )

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        permissions = [("export_auditentry", gettext_noop("Can export audit entries"))]
        indexes = [
            models.Index(fields=["tenant", "target_type", "target_id"]),
            models.Index(fields=["tenant", "actor_id"], name="audit_of_actor"),
            models.Index(  # a handful of rows, whatever the table holds
                fields=["tenant", "id"],
                name="audit_not_sealed",
                condition=models.Q(sequence__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "sequence"],
                name="audit_one_line_a_number",
                condition=models.Q(sequence__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"  # its words are words.py's

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


class AuditChain(models.Model):
    """How far a tenant's lines are sealed, and where the chain begins since the last trimming.

    `length` is the number of the last sealed line and `head` its digest; `trimmed` and `anchor` are
    those of the last line that retention removed.
    """

    GENESIS = "0" * 64
    INSTALLATION = 0

    id = models.PositiveBigIntegerField(
        primary_key=True, help_text=_("The tenant's key; 0 for the installation.")
    )
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)
    trimmed = models.PositiveBigIntegerField(default=0)
    anchor = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        verbose_name = _("audit chain")
        verbose_name_plural = _("audit chains")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.id}: {self.trimmed + 1} to {self.length}"
