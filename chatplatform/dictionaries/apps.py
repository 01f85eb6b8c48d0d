from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DictionariesConfig(AppConfig):
    name = "chatplatform.dictionaries"
    verbose_name = _("Dictionaries")

    def ready(self) -> None:
        from chatplatform.dictionaries.seeds import seed_system_dictionaries

        post_migrate.connect(seed_system_dictionaries, sender=self)
