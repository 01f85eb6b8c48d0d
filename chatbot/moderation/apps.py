from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "chatbot.moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from chatbot.moderation.models import Hit, Original
        from chatbot.moderation.personal_data import mask
        from chatbot.moderation.retention import remove_old_hits, remove_old_originals
        from chatbot.moderation.word_lists import matchers
        from chatplatform.audit import masking
        from chatplatform.kernel import background, retention

        masking.mask_by(mask)
        # Every process knows of a change well within five seconds, the changing one at its commit.
        background.register("moderation.look", matchers.look, every=2.0)
        retention.register(remove_old_hits, Hit)
        retention.register(remove_old_originals, Original)
