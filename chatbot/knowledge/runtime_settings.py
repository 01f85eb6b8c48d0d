from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class KnowledgeSettings(RuntimeSettings):
    name = "knowledge"
    title = _("Knowledge base")

    imports_kept_days: int = setting(
        90,
        ge=0,
        le=3650,
        title=_("Keep imports (days)"),
        description=_("Their lists of what was taken; articles stay. 0 keeps them for ever."),
    )
    questions_kept_days: int = setting(
        365,
        ge=0,
        le=3650,
        title=_("Keep unanswered questions (days)"),
        description=_("Counted from when one was last asked; 0 keeps them for ever."),
    )
