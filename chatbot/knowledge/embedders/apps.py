from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EmbeddersConfig(AppConfig):
    name = "chatbot.knowledge.embedders"
    verbose_name = _("Search by meaning")

    def ready(self) -> None:
        from chatbot.knowledge import indexing
        from chatbot.knowledge.embedders import in_postgres
        from chatplatform.kernel import background

        post_migrate.connect(in_postgres.prepare, sender=self)
        # In the customers' process: it has the model in memory for their questions anyway.
        background.register("embeddings", indexing.run, every=2.0, door="chatbot")
