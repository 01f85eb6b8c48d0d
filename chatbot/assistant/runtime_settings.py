from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class AssistantSettings(RuntimeSettings):
    name = "assistant"
    title = _("AI assistant")

    longest_answering: int = setting(
        60,
        ge=5,
        le=600,
        title=_("Time for an answer (seconds)"),
        description=_("An answer that takes longer is given up, and a person is offered."),
    )
    attempts: int = setting(
        3,
        ge=1,
        le=10,
        title=_("Attempts"),
        description=_("An answer that failed so often is given up, and a person is offered."),
    )
