from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class ApiKey(TenantOwned):
    """A program's credential: acts as its owner, within its scopes. Its secret is known to nobody
    here: what is kept is its SHA-256."""

    name = models.CharField(_("name"), max_length=80, help_text=_("What uses the key."))
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="api_keys",
        verbose_name=_("owner"),
        help_text=_("The key acts as this person, and ends with the account."),
    )
    scopes = models.JSONField(_("scopes"), default=list)
    addresses = models.JSONField(_("allowed addresses"), default=list, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    visibility = Visibility(owner="owner", department="owner__department")

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} (cpk_{self.prefix}…)"

    @property
    def is_open(self) -> bool:
        """Neither revoked nor expired."""
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired

    @staticmethod
    def open_now() -> Q:
        """The same as a condition."""
        lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        return Q(revoked_at__isnull=True) & lasting
