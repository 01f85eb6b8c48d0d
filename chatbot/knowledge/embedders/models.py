from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class TextVector(TenantOwned):
    """What a model made of one text of the tenant's knowledge; found again by the text's hash.

    `vector` holds half-precision numbers, little-endian.
    """

    model = models.CharField(_("model"), max_length=120)
    text_hash = models.CharField(_("hash of the text"), max_length=32)
    vector = models.BinaryField(_("vector"), default=b"")

    class Meta:
        verbose_name = _("vector")
        verbose_name_plural = _("vectors")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "model", "text_hash"], name="vector_once_per_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.text_hash}"


class Progress(TenantOwned):
    """How far the tenant's knowledge is embedded, by `model`; one row a tenant.

    `edition` is the edition of the knowledge that it is done with. While somebody works on it, it
    is theirs until `lease_until`.
    """

    model = models.CharField(_("model"), max_length=120, blank=True)
    edition = models.CharField(_("edition"), max_length=22, blank=True, editable=False)
    total = models.PositiveIntegerField(_("texts"), default=0)
    done = models.PositiveIntegerField(_("embedded"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    visibility = Visibility(shared=Q())

    class Meta:
        verbose_name = _("search by meaning")
        verbose_name_plural = _("search by meaning")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["tenant"], name="progress_once_per_tenant")]

    def __str__(self) -> str:
        return f"{self.done} / {self.total}"
