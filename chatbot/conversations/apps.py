from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel import background


class ConversationsConfig(AppConfig):
    name = "chatbot.conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        from chatbot.conversations import services, timers
        from chatbot.conversations.states import TimerKind

        timers.on_due(TimerKind.WAIT_TIMEOUT, services.time_out_wait)
        timers.on_due(TimerKind.IDLE, services.resolve_idle)
        # Both doors run them: customers are told in time while either process lives.
        background.register("conversations.timers", timers.run_due, every=1.0)
