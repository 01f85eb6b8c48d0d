from django.apps import AppConfig


class ChatplatformConfig(AppConfig):
    """The roof: wires the house together and holds the commands that run it."""

    name = "chatplatform"

    def ready(self) -> None:
        from chatplatform.kernel import background
        from realtime import retention

        background.register("trim_event_log", retention.trim_logs, every=3600)
