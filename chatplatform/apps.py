from django.apps import AppConfig


class ChatplatformConfig(AppConfig):
    """The roof: wires the house together and holds the commands that run it."""

    name = "chatplatform"
