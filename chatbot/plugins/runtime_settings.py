from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class PluginSettings(RuntimeSettings):
    name = "plugins"
    title = _("Plugins")
    description = _("Installed packages that hear of sessions and messages; they change nothing.")

    enabled: bool = setting(True, title=_("Call plugins"))
    time_limit: int = setting(
        2,
        ge=1,
        le=60,
        title=_("Time for a call (seconds)"),
        description=_("A call that takes longer is abandoned; no chat ever waits for it."),
    )
    failures: int = setting(
        5,
        ge=1,
        le=100,
        title=_("Failures in a row"),
        description=_("After so many the plugin is switched off for a while."),
    )
    pause: int = setting(60, ge=1, le=3600, title=_("Switched off for (seconds)"))
