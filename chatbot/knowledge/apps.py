from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "chatbot.knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from chatbot.knowledge import events  # noqa: F401 - it registers itself
        from chatbot.knowledge.importer import import_pending
        from chatbot.knowledge.models import (
            Asking,
            ImportItem,
            ImportJob,
            ImportSource,
            OpenQuestion,
        )
        from chatbot.knowledge.retention import remove_old_imports, remove_old_questions
        from chatbot.knowledge.selectors import article_count, kept_bytes
        from chatplatform.kernel import background, retention
        from chatplatform.tenants import quotas
        from chatplatform.tenants.metrics import Metric

        quotas.counted_by(Metric.DOCUMENTS, article_count)
        quotas.counted_by(Metric.STORAGE, kept_bytes)
        background.register("imports", import_pending, every=1.0, door="chatbot")
        retention.register(remove_old_imports, ImportJob, ImportSource, ImportItem)
        retention.register(remove_old_questions, OpenQuestion, Asking)
