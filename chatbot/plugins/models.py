from django.db import models
from django.utils.translation import gettext_lazy as _


class PluginReport(models.Model):
    """What became of the calls of one plugin, in all processes together. Of the installation."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    origin = models.CharField(_("package"), max_length=200, blank=True)
    calls = models.PositiveBigIntegerField(_("calls"), default=0)
    failed = models.PositiveBigIntegerField(_("failed"), default=0)
    abandoned = models.PositiveBigIntegerField(_("took too long"), default=0)
    missed = models.PositiveBigIntegerField(_("missed"), default=0)
    is_off = models.BooleanField(
        _("switched off"), default=False, help_text=_("For a while, after too many failures.")
    )
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    last_error_at = models.DateTimeField(_("when"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last call"), null=True, blank=True)

    class Meta:
        verbose_name = _("plugin")
        verbose_name_plural = _("plugins")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
