from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChatplatformConfig(AppConfig):
    """The roof: wires the house together and holds the commands that run it."""

    name = "chatplatform"

    def ready(self) -> None:
        from chatplatform.kernel import background
        from chatplatform.roles.defaults import grant_roles
        from realtime import retention

        # the last app of the list: every permission exists by the time its turn comes
        post_migrate.connect(grant_roles, sender=self)
        background.register("trim_event_log", retention.trim_logs, every=3600)
