from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "chatbot.knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from chatbot.knowledge.selectors import article_count
        from chatplatform.tenants import quotas
        from chatplatform.tenants.metrics import Metric

        quotas.counted_by(Metric.DOCUMENTS, article_count)
