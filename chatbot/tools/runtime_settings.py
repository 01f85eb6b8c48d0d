from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class ToolSettings(RuntimeSettings):
    name = "tools"
    title = _("Tools")
    description = _(
        "How long customers and agents have to say yes to what the assistant wants to do."
    )

    confirmation_minutes: int = setting(
        15,
        ge=1,
        le=1440,
        by_tenant=True,
        title=_("Time for a confirmation (minutes)"),
        description=_("What the customer has not confirmed by then is not done."),
    )
    approval_minutes: int = setting(
        10,
        ge=1,
        le=1440,
        by_tenant=True,
        title=_("Time for an approval (minutes)"),
        description=_("What no agent has approved by then is not done; a person is fetched."),
    )
    sync_hours: int = setting(
        6,
        ge=1,
        le=168,
        title=_("Look at MCP servers every (hours)"),
        description=_("Their lists of tools are fetched anew; what changed has to be accepted."),
    )
    calls_kept_days: int = setting(
        365,
        ge=0,
        le=3650,
        title=_("Keep tool calls (days)"),
        description=_("History keeps who allowed what. 0 keeps them for ever."),
    )
