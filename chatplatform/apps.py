from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChatplatformConfig(AppConfig):
    """The roof: wires the house together and holds the commands that run it."""

    name = "chatplatform"

    def ready(self) -> None:
        from chatplatform.configuration.selectors import current
        from chatplatform.kernel import background
        from chatplatform.kernel.retention import remove_everywhere
        from chatplatform.protection import throttling
        from chatplatform.roles.defaults import grant_roles
        from chatplatform.runtime_settings import ThrottleSettings
        from realtime import retention

        # the last app of the list: every permission exists by the time its turn comes
        post_migrate.connect(grant_roles, sender=self)
        throttling.take_rates_from(lambda rule: int(getattr(current(ThrottleSettings), rule)))
        background.register("trim_event_log", retention.trim_logs, every=3600)
        background.register("remove_old_rows", remove_everywhere, every=3600, door="chatbot")
