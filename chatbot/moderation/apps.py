from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "chatbot.moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from chatbot.moderation.personal_data import mask
        from chatbot.moderation.word_lists import matchers
        from chatplatform.audit import masking
        from chatplatform.kernel import background

        masking.mask_by(mask)
        # Every process knows of a change well within five seconds, the changing one at its commit.
        background.register("moderation.look", matchers.look, every=2.0)
