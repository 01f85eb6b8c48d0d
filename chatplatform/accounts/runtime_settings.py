from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class LoginSettings(RuntimeSettings):
    """The installation's: before somebody is in, nobody knows whose she is."""

    name = "sign_in"
    title = _("Signing in")
    description = _(
        "Whoever gives wrong passwords waits: this name at this address, and nobody else."
    )

    attempts: int = setting(
        5, ge=1, le=100, title=_("Attempts"), description=_("So many wrong passwords are let pass.")
    )
    window_minutes: int = setting(
        15,
        ge=1,
        le=1440,
        title=_("Counted together (minutes)"),
        description=_("Wrong passwords within this time count as one series."),
    )
    pause_minutes: int = setting(
        15,
        ge=1,
        le=1440,
        title=_("Pause (minutes)"),
        description=_("So long nobody gets in under this name from this address."),
    )
