from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChatplatformConfig(AppConfig):
    """The roof: wires the house together and holds the commands that run it."""

    name = "chatplatform"

    def ready(self) -> None:
        from chatplatform.roles import grant_roles

        # the last app of the list: every permission exists by the time its turn comes
        post_migrate.connect(grant_roles, sender=self)
