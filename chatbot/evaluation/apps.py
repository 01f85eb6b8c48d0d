from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "chatbot.evaluation"
    verbose_name = _("Evaluation")

    def ready(self) -> None:
        from chatbot.assistant.prompts import guards
        from chatbot.evaluation import guard, trial_panel, worker
        from chatbot.evaluation.models import EvaluationRun
        from chatbot.evaluation.retention import remove_old_evaluations
        from chatbot.knowledge import publication
        from chatplatform.kernel import background, retention

        publication.guarded_by("evaluation", guard.before_publication)
        guards.register(guard.before_instructions, trial_panel.panel)
        background.register("evaluations", worker.evaluate_pending, every=2.0, door="chatbot")
        retention.register(remove_old_evaluations, EvaluationRun)
