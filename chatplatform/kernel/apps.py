from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "chatplatform.kernel"
