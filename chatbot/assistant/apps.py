from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssistantConfig(AppConfig):
    name = "chatbot.assistant"
    verbose_name = _("Assistant")

    def ready(self) -> None:
        from chatbot.assistant import events, receivers  # noqa: F401 - they register themselves
        from chatbot.assistant.briefs import improvement
        from chatbot.assistant.models import Run
        from chatbot.assistant.retention import remove_old_runs
        from chatbot.assistant.runner import Runner
        from chatplatform.kernel import background, retention

        # Runs until the process ends; `every` is how soon it starts anew should it break.
        background.register("assistant", lambda: Runner().run(), every=1.0, door="chatbot")
        background.register("assistant.briefs", improvement.work, every=1.0, door="chatbot")
        retention.register(remove_old_runs, Run)
