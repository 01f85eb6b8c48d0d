from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RealtimeConfig(AppConfig):
    """The wire: an ordered log of events and everything that carries it to browsers."""

    name = "realtime"
    verbose_name = _("Events")
