from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "chatplatform.kernel"

    def ready(self) -> None:
        from chatplatform.kernel import checks  # noqa: F401 - registers them
