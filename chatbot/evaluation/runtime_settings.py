from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class EvaluationSettings(RuntimeSettings):
    name = "evaluation"
    title = _("Quality of answers")

    guards_publishing: bool = setting(
        False,
        by_tenant=True,
        title=_("Publishing must not lower quality"),
        description=_(
            "Before an article is published, the question sets that guard publishing are asked. "
            "It is refused if a question that was answered rightly would not be any more."
        ),
    )
