from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class CopilotSettings(RuntimeSettings):
    name = "copilot"
    title = _("Copilot")
    description = _("Drafts, summaries and translations for agents. Nothing is sent by itself.")

    enabled: bool = setting(True, by_tenant=True, title=_("Offer the copilot to agents"))
    longest_writing: int = setting(
        25,
        ge=5,
        le=60,
        title=_("Time for a draft (seconds)"),
        description=_("What takes longer is given up, and the agent is told."),
    )
