from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "chatbot.evaluation"
    verbose_name = _("Evaluation")

    def ready(self) -> None:
        from chatbot.evaluation import guard, worker
        from chatbot.knowledge import publication
        from chatplatform.kernel import background

        publication.guarded_by("evaluation", guard.before_publication)
        background.register("evaluations", worker.evaluate_pending, every=2.0, door="chatbot")
