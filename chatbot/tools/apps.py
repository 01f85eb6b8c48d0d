from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ToolsConfig(AppConfig):
    name = "chatbot.tools"
    verbose_name = _("Tools")

    def ready(self) -> None:
        from chatbot.tools import demo, events, notices  # noqa: F401 - they register themselves
        from chatbot.tools.worker import Worker, look_after
        from chatplatform.kernel import background

        demo.register_tools()
        background.register("tools", lambda: Worker().run(), every=1.0, door="chatbot")
        background.register("tools.calls", look_after, every=2.0)
