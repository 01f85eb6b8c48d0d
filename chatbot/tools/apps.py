from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ToolsConfig(AppConfig):
    name = "chatbot.tools"
    verbose_name = _("Tools")

    def ready(self) -> None:
        from chatbot.tools import demo, events, frames  # noqa: F401 - they register
        from chatbot.tools.calling.worker import Worker, look_after
        from chatbot.tools.models import ToolCall
        from chatbot.tools.retention import remove_old_calls
        from chatbot.tools.services import sync_due
        from chatbot.tools.telling import notices  # noqa: F401 - they register
        from chatplatform.kernel import background, retention

        demo.register_tools()
        background.register("tools", lambda: Worker().run(), every=1.0, door="chatbot")
        background.register("tools.servers", sync_due, every=2.0)
        background.register("tools.calls", look_after, every=2.0)
        retention.register(remove_old_calls, ToolCall)
