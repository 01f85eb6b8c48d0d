from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssistantConfig(AppConfig):
    name = "chatbot.assistant"
    verbose_name = _("Assistant")

    def ready(self) -> None:
        from chatbot.assistant import events, receivers, retention  # noqa: F401 - they register themselves
        from chatbot.assistant.briefs import improvement
        from chatbot.assistant.runner import Runner
        from chatplatform.kernel import background

        # Runs until the process ends; `every` is how soon it starts anew should it break.
        background.register("assistant", lambda: Runner().run(), every=1.0, door="chatbot")
        background.register("assistant.briefs", improvement.work, every=1.0, door="chatbot")
        old = retention.remove_old_runs
        background.register("assistant.run_retention", old, every=3600, door="chatbot")
