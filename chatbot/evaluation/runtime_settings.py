from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class EvaluationSettings(RuntimeSettings):
    name = "evaluation"
    title = _("Quality of answers")
    description = _("What question sets decide, and how long their results are kept.")

    guards_publishing: bool = setting(
        False,
        by_tenant=True,
        title=_("Publishing must not lower quality"),
        description=_(
            "Before an article is published, the question sets that guard publishing are asked. "
            "It is refused if a question that was answered rightly would not be any more."
        ),
    )
    evaluations_kept_days: int = setting(
        365,
        ge=0,
        le=3650,
        title=_("Keep evaluations (days)"),
        description=_("A set's last result stays in any case; 0 keeps them for ever."),
    )
    guards_instructions: bool = setting(
        False,
        by_tenant=True,
        title=_("New instructions must not lower quality"),
        description=_(
            "Instructions for the assistant are published only after the question sets that guard "
            "publishing were asked of the model with them, and no fewer answers were right than "
            "with those that hold. Without a model, instructions change nothing and are not "
            "held up."
        ),
    )
