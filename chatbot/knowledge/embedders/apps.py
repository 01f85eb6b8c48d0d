from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmbeddersConfig(AppConfig):
    name = "chatbot.knowledge.embedders"
    verbose_name = _("Search by meaning")

    def ready(self) -> None:
        from chatbot.knowledge import indexing
        from chatplatform.kernel import background

        # In the customers' process: it has the model in memory for their questions anyway.
        background.register("embeddings", indexing.run, every=2.0, door="chatbot")
