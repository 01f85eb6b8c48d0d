from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class ModelSettings(RuntimeSettings):
    name = "models"
    title = _("Language models")
    description = _("Which models a company uses, and how much each question may take.")

    shared_models: bool = setting(
        True,
        by_tenant=True,
        title=_("Use the installation's models"),
        description=_("After one's own. Off: what customers write reaches no model but one's own."),
    )
    longest_context: int = setting(
        8_000,
        ge=1_000,
        le=1_000_000,
        title=_("Most that a model is sent (tokens)"),
        description=_("The model's own limit holds if it is lower. More costs more."),
    )
    longest_answer: int = setting(
        1_000,
        ge=100,
        le=32_000,
        title=_("Longest answer (tokens)"),
    )
    calls_kept_days: int = setting(
        90,
        ge=0,
        le=3650,
        title=_("Keep model calls (days)"),
        description=_("The sums of a day stay when its calls go; 0 keeps them for ever."),
    )
