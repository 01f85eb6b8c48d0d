import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


def new_epoch() -> str:
    """A name for one life of a log: positions of another life mean nothing in this one."""
    return secrets.token_hex(4)


class Log(models.Model):
    """One ordered log of events; its row is locked from append to commit.

    So offset order is commit order, without gaps, which auto-increment ids don't promise.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    epoch = models.CharField(_("epoch"), max_length=16, default=new_epoch)
    offset = models.PositiveBigIntegerField(_("head"), default=0)
    floor = models.PositiveBigIntegerField(
        _("floor"), default=0, help_text=_("Events up to this offset have been trimmed.")
    )

    class Meta:
        verbose_name = _("event log")
        verbose_name_plural = _("event logs")

    def __str__(self) -> str:
        return f"{self.name} {self.epoch}-{self.offset}"


class Event(models.Model):
    """One durable event. `data` is the envelope exactly as it goes over the wire."""

    log = models.ForeignKey(
        Log, on_delete=models.CASCADE, related_name="events", verbose_name=_("event log")
    )
    offset = models.PositiveBigIntegerField(_("offset"))
    type = models.CharField(_("type"), max_length=64)
    channels = models.JSONField(_("channels"))
    data = models.TextField(_("envelope"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["log", "offset"], name="one_event_per_offset")
        ]

    def __str__(self) -> str:
        return f"{self.offset} {self.type}"
